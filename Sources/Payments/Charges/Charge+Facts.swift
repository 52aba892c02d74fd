extension Charge {
    /// Decides what follows from a fact about this charge.
    ///
    /// A fact that comes twice is `alreadyKnown` the second time. Money that the charge cannot take is suspended; the shell drops such a
    /// decision when the ledger already holds an entry of the same cause.
    package func apply(_ fact: PaymentFact, at now: Timestamp) -> Decision {
        switch fact.kind {
        case .captured(let capture): applyCapture(capture, fact, at: now)
        case .actionRequired(let action): progress(action.until(order.expiresAt), fact, at: now)
        case .processing: progress(nil, fact, at: now)
        case .authorized: move(.authorized, fact, at: now)
        case .attemptFailed(let failure):
            move(.attemptFailed, fact, at: now) { charge in
                guard charge.failure.map({ isNewer(fact, failure.text, than: $0.text) }) ?? true else { return }
                charge.failure = failure
            }
        case .canceled: move(closingFact(fact), fact, at: now)
        case .expired: move(.expired, fact, at: now)
        case .unclaimed(let capture, let reason): unclaimed(capture, fact, reason: reason, at: now)
        case .reorganised(let change): CoinRules.reorganise(change, fact, charge: self)
        // Decided by `CaseFile`, which knows the refunds and disputes too.
        case .refund, .refundRefused, .dispute, .disputeFunds, .fee, .payout: .alreadyKnown
        }
    }

    /// A provider's cancellation that comes when our time had run out is the end of that expiry, whoever tells it first; providers tell
    /// whole seconds.
    private func closingFact(_ fact: PaymentFact) -> ChargeTransitions.FactName {
        guard let expiresAt = order.expiresAt, fact.occurredAt.seconds >= expiresAt.seconds else { return .canceled }
        return .expired
    }

    /// Decides for facts that are not an outcome: an action of the customer's, or none.
    ///
    /// They can follow each other any number of times, so the newest by the provider's time counts. Of two at one moment it is the one
    /// without an action: what is asked of the customer comes before what is done with the answer.
    private func progress(_ action: NextAction?, _ fact: PaymentFact, at now: Timestamp) -> Decision {
        let name: ChargeTransitions.FactName = action == nil ? .processing : .actionRequired
        let isNews =
            switch (status, action) {
            case (.requiresAction, .some(let told)): isNewer(fact, "\(told)", than: nextAction.map { "\($0)" } ?? "")
            case (.requiresAction, nil): fact.occurredAt >= lastFactAt
            default: fact.occurredAt > lastFactAt
            }
        guard isNews else { return learnReference(from: fact, at: now) }
        guard status == .requiresAction, let action, action != nextAction else {
            return move(name, fact, at: now) { $0.nextAction = action }
        }
        return enter(.requiresAction, fact, at: now) { $0.nextAction = action }
    }

    /// Whether a fact that has the same name as the newest known one is newer; of two at one moment one has to count, in whatever order
    /// they come, and the greater text does.
    private func isNewer(_ fact: PaymentFact, _ told: String, than known: String) -> Bool {
        fact.occurredAt > lastFactAt || fact.occurredAt == lastFactAt && told > known
    }

    /// Moves the charge along the table's edge; without one, the fact may still confirm where it stands.
    func move(
        _ name: ChargeTransitions.FactName,
        _ fact: PaymentFact,
        at now: Timestamp,
        _ change: (inout Charge) -> Void = { _ in }
    ) -> Decision {
        if let destination = ChargeTransitions.destination(from: status, by: name) {
            return enter(destination, fact, at: now, change)
        }
        guard ChargeTransitions.leads(to: status, by: name) else { return learnReference(from: fact, at: now) }
        var charge = self
        change(&charge)
        // Also what only confirms the status keeps older facts from counting.
        charge.lastFactAt = max(lastFactAt, fact.occurredAt)
        return charge.learnReference(from: fact, at: now, insteadOf: self)
    }

    private func enter(
        _ destination: ChargeStatus,
        _ fact: PaymentFact,
        at now: Timestamp,
        _ change: (inout Charge) -> Void
    ) -> Decision {
        var charge = self
        charge.status = destination
        charge.failure = nil
        charge.nextAction = nil
        charge.providerReference = providerReference ?? fact.providerReference
        charge.lastFactAt = fact.occurredAt
        charge.updatedAt = max(updatedAt, now)
        charge.version += 1
        change(&charge)
        var decision = Decision(effect: .applied, charge: charge)
        if let type = NotificationType(announcing: destination) {
            decision.notifications = [charge.notification(type, at: now)]
        }
        return decision
    }

    /// Keeps the provider's name for the payment even when the fact changes nothing else than what this charge has already, which was
    /// `before`.
    private func learnReference(from fact: PaymentFact, at now: Timestamp, insteadOf before: Charge? = nil) -> Decision {
        var charge = self
        charge.providerReference = providerReference ?? fact.providerReference
        guard charge != before ?? self else { return .alreadyKnown }
        charge.updatedAt = max(updatedAt, now)
        return Decision(effect: .applied, charge: charge)
    }

    func notification(_ type: NotificationType, at now: Timestamp) -> OrderCoreNotification {
        OrderCoreNotification(type: type, cause: "\(id):\(version)", subject: .charge(self), occurredAt: now)
    }
}

extension ChargeFailure {
    fileprivate var text: String { "\(code) \(providerCode ?? "") \(message)" }
}
