extension Withdrawal {
    /// The first step: the money is held, so that nobody can spend it twice; within the limit it is approved at once.
    ///
    /// The ledger refuses what the wallet does not hold.
    package func requested() -> WithdrawalStep {
        var step = WithdrawalStep(self)
        step.book(hold)
        guard !needsApproval else { return step }
        let decision = WithdrawalDecision(isApproved: true, decidedBy: nil, decidedAt: createdAt, reason: nil)
        approve(decision, &step)
        return step
    }

    /// Whether `decider` may decide now.
    ///
    /// - Throws: `WithdrawalRefusal`.
    package func admit(decisionBy decider: APIKeyID) throws(WithdrawalRefusal) {
        guard decider != requestedBy else { throw .secondPersonRequired }
        guard status == .requiresApproval else { throw .alreadyDecided }
    }

    /// Whether the money may be called back from the provider, by anybody who may decide.
    ///
    /// - Throws: `WithdrawalRefusal`.
    package func admitCancellation() throws(WithdrawalRefusal) {
        guard status == .inTransit else { throw .notCancelable }
    }

    /// What follows from a decision that `admit(decisionBy:)` has let pass: what is rejected gives the money back.
    package func decided(_ decision: WithdrawalDecision) -> WithdrawalStep {
        var step = WithdrawalStep(self)
        if decision.isApproved {
            approve(decision, &step)
        } else if step.move(by: .rejected, at: decision.decidedAt) {
            step.change { $0.decision = decision }
            step.end(release(at: decision.decidedAt))
            step.announce(.withdrawalFailed, at: decision.decidedAt)
        }
        return step
    }

    private func approve(_ decision: WithdrawalDecision, _ step: inout WithdrawalStep) {
        guard step.move(by: .approved, at: decision.decidedAt) else { return }
        step.change { $0.decision = decision }
        step.announce(.withdrawalApproved, at: decision.decidedAt)
    }

    /// What follows from what the provider tells; nil when it says nothing new.
    ///
    /// What is paid was in transit before, whether that was told or not. `walletIsClosed` leads money that comes back to suspense, with an
    /// exception for finance.
    package func told(_ fact: PayoutFact, at now: Timestamp, walletIsClosed: Bool = false) -> WithdrawalStep? {
        var step = WithdrawalStep(self)
        if status == .approved, fact.state == .paid { step.send(fact, at: now) }
        switch fact.state {
        case .inTransit:
            step.send(fact, at: now)
        case .paid:
            guard step.move(by: .paid, at: now) else {
                step.confirmFee(fact, at: now)
                break
            }
            step.pay(fact, at: now)
        case .failed(let failure):
            let before = step.withdrawal.status
            guard step.move(by: .failed, at: now) else { return nil }
            step.giveBack(fact, failure, from: before, walletIsClosed: walletIsClosed, at: now)
        }
        return step.withdrawal == self ? nil : step
    }
}

extension WithdrawalStep {
    fileprivate mutating func send(_ fact: PayoutFact, at now: Timestamp) {
        guard move(by: .inTransit, at: now) else { return }
        change { $0.providerReference = fact.reference }
        end(withdrawal.sending(fact))
        announce(.walletDebited, at: now)
    }

    fileprivate mutating func pay(_ fact: PayoutFact, at now: Timestamp) {
        change { $0.providerReference = fact.reference ?? $0.providerReference }
        book(withdrawal.payment(fact))
        keepFee(fact.fee, fact)
        announce(.withdrawalPaid, at: now)
    }

    /// A fee may be known later than the payment.
    fileprivate mutating func confirmFee(_ fact: PayoutFact, at now: Timestamp) {
        guard withdrawal.status == .paid, let fee = fact.fee, fee != withdrawal.fee else { return }
        touch(at: now)
        keepFee(fee, fact)
    }

    fileprivate mutating func giveBack(
        _ fact: PayoutFact,
        _ failure: ChargeFailure,
        from before: WithdrawalStatus,
        walletIsClosed: Bool,
        at now: Timestamp
    ) {
        change { withdrawal in
            withdrawal.providerReference = fact.reference ?? withdrawal.providerReference
            withdrawal.failure = failure
        }
        if before == .approved {
            end(withdrawal.release(at: fact.occurredAt))
        } else {
            let entry = withdrawal.restoring(fact, wasPaid: before == .paid, walletIsClosed: walletIsClosed)
            book(entry)
            if walletIsClosed, let entry { report(withdrawal.exception(entry)) }
        }
        keepFee(fact.fee, fact)
        announce(.withdrawalFailed, at: now)
    }

    /// Books the difference between the fee that is booked and the one that the provider keeps.
    private mutating func keepFee(_ fee: Amount?, _ fact: PayoutFact) {
        guard fee != withdrawal.fee else { return }
        book(withdrawal.feeEntry(fee, fact))
        change { $0.fee = fee }
    }
}
