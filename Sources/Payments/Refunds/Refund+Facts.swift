extension Refund {
    /// Which of `refunds` a provider's telling speaks of; nil for one that was made by hand there.
    ///
    /// The provider's name decides. Until it is known, our own id does, and where the provider does not carry that, the one refund of the
    /// same charge and amount that we have asked for and not heard of.
    package static func told(by told: PaymentFact.Refund, of chargeID: ChargeID?, among refunds: [Refund]) -> Refund? {
        if let known = refunds.first(where: { $0.providerReference == told.transaction }) { return known }
        let waiting = refunds.filter { $0.providerReference == nil && $0.status == .pending }
        if let id = told.refundID { return waiting.first { $0.id == id } }
        let alike = waiting.filter { $0.chargeID != nil && $0.chargeID == chargeID && $0.amount == told.amount }
        return alike.count == 1 ? alike.first : nil
    }

    /// Decides what follows from how a refund stands at the provider.
    ///
    /// A refund that nobody asked for here is kept under `newID`, and booked like ours.
    package static func decide(
        _ told: PaymentFact.Refund,
        _ fact: PaymentFact,
        known: Refund?,
        charge: Charge?,
        newID: RefundID,
        at now: Timestamp
    ) -> Decision {
        guard told.amount.isPositive else { return .alreadyKnown }
        let before =
            known
            ?? Refund(
                id: newID,
                chargeID: charge?.id,
                provider: fact.provider,
                amount: told.amount,
                providerReference: told.transaction,
                createdAt: now
            )
        var after = before
        after.providerReference = told.transaction
        if before.chargeID == nil { after.paymentReference = before.paymentReference ?? fact.paymentReference }
        let name = told.state.factName
        let isNews = !RefundTransitions.isProgress(name) || before.isNews(name, at: fact.occurredAt)
        guard isNews, let status = RefundTransitions.destination(from: before.status, by: name) else {
            // Also what only confirms the status must keep older progress from moving it.
            if isNews, RefundTransitions.isProgress(name), !before.status.isOutcome { after.lastFactAt = fact.occurredAt }
            guard known == nil || after != before else { return .alreadyKnown }
            var decision = Decision(effect: .applied)
            decision.refund = after
            return decision
        }
        after.status = status
        after.failure = told.state.failure
        after.lastFactAt = max(before.lastFactAt, fact.occurredAt)
        after.updatedAt = max(before.updatedAt, now)
        after.version += 1
        if status == .succeeded { after.amount = told.amount }
        var decision = after.movement(from: before, fact, charge: charge, at: now)
        decision.refund = after
        if status == .succeeded, before.amount != told.amount, decision.exceptions.isEmpty, let cause = decision.entries.first?.cause {
            decision.exceptions = [after.exception(.amountMismatch, cause: cause, fact)]
        }
        return decision
    }

    /// Whether progress is newer than what is known; of two at one moment the one that asks something of the customer counts.
    private func isNews(_ name: RefundTransitions.FactName, at moment: Timestamp) -> Bool {
        moment > lastFactAt || moment == lastFactAt && (name == .actionRequired || status == .pending)
    }

    /// Decides what follows from the provider's refusal to begin; nothing has moved.
    package func refuse(_ failure: ChargeFailure, _ fact: PaymentFact, charge: Charge?, at now: Timestamp) -> Decision {
        guard providerReference == nil, let status = RefundTransitions.destination(from: status, by: .refused) else { return .alreadyKnown }
        var after = self
        after.status = status
        after.failure = failure
        after.updatedAt = max(updatedAt, now)
        after.version += 1
        var decision = after.movement(from: self, fact, charge: charge, at: now)
        decision.refund = after
        return decision
    }

    /// What the step from `before` to this refund does to the charge, the books and the order core.
    private func movement(from before: Refund, _ fact: PaymentFact, charge: Charge?, at now: Timestamp) -> Decision {
        var decision = Decision(effect: .applied)
        let wasGiven = before.status == .succeeded
        let isGiven = status == .succeeded
        let isOfCharge = charge?.order.amount.asset == amount.asset
        if wasGiven != isGiven, let entry = entry(isGiven: isGiven, fact, charge: charge) { decision.entries = [entry] }
        guard let charge else {
            if isGiven, let cause = decision.entries.first?.cause {
                decision.exceptions = [exception(.unknownCharge, cause: cause, fact).about(providerReference ?? "")]
            }
            return decision
        }
        let isOver = before.status.countsAgainstCharge && !status.countsAgainstCharge
        guard wasGiven != isGiven || isOver else { return decision }
        let changed = charge.told(at: now) { charge in
            guard isOfCharge, wasGiven != isGiven else { return }
            let change = isGiven ? amount.minorUnits : -amount.minorUnits
            charge.amountRefunded = Amount(minorUnits: charge.amountRefunded.minorUnits + change, asset: amount.asset)
        }
        decision.charge = changed
        decision.notifications = [
            OrderCoreNotification(
                type: isGiven ? .refundSucceeded : .refundFailed,
                cause: "\(id):\(version)",
                subject: .refund(self, changed),
                occurredAt: now
            )
        ]
        if isGiven, let cause = decision.entries.first?.cause {
            if !isOfCharge {
                decision.exceptions = [exception(.currencyMismatch, cause: cause, fact)]
            } else if changed.hasReturnedTooMuch {
                decision.exceptions = [changed.excess(cause: cause, transaction: providerReference ?? "", fact)]
            }
        }
        return decision
    }

    private func entry(isGiven: Bool, _ fact: PaymentFact, charge: Charge?) -> JournalEntry? {
        let home = Charge.home(of: charge, through: provider, amount.asset)
        let clearing = ChartOfAccounts.clearing(provider, amount.asset)
        guard
            let transfer = try? Transfer(debit: isGiven ? home : clearing, credit: isGiven ? clearing : home, amount: amount),
            let transaction = providerReference
        else { return nil }
        return JournalEntry(
            cause: EntryCause("\(provider.text):\(transaction):\(isGiven ? "refunded" : "refund_failed")"),
            kind: isGiven ? .refund : .refundFailure,
            transfer,
            chargeID: charge?.id,
            occurredAt: fact.occurredAt
        )
    }

    private func exception(_ reason: SuspenseReason, cause: EntryCause, _ fact: PaymentFact) -> PaymentException {
        PaymentException(
            cause: cause,
            reason: reason,
            provider: provider,
            transaction: providerReference ?? "",
            amount: amount,
            chargeID: chargeID,
            occurredAt: fact.occurredAt
        )
    }
}

extension PaymentFact.Refund.State {
    var factName: RefundTransitions.FactName {
        switch self {
        case .pending: .pending
        case .requiresAction: .actionRequired
        case .succeeded: .succeeded
        case .failed: .failed
        case .canceled: .canceled
        }
    }

    var failure: ChargeFailure? {
        guard case .failed(let reason) = self else { return nil }
        return ChargeFailure(
            code: "refund_failed",
            message: "The refund did not reach the customer.",
            providerCode: reason,
            isRetryable: false
        )
    }
}
