extension Charge {
    /// Decides what follows from a fact about this charge.
    ///
    /// A fact that comes twice is `alreadyKnown` the second time. Money that the charge cannot take is suspended; the shell drops such a
    /// decision when the ledger already holds an entry of the same cause.
    package func apply(_ fact: PaymentFact, at now: Timestamp) -> Decision {
        switch fact.kind {
        case .captured(let capture): applyCapture(capture, fact, at: now)
        case .actionRequired(let action): progress(.actionRequired, fact, at: now) { $0.nextAction = action }
        case .processing: progress(.processing, fact, at: now) { $0.nextAction = nil }
        case .authorized: move(.authorized, fact, at: now) { $0.nextAction = nil }
        case .attemptFailed(let failure):
            move(.attemptFailed, fact, at: now) {
                $0.nextAction = nil
                $0.failure = failure
            }
        case .canceled: move(closingFact(fact), fact, at: now) { $0.nextAction = nil }
        case .expired: move(.expired, fact, at: now) { $0.nextAction = nil }
        }
    }

    /// A provider's cancellation that comes when our time had run out is the end of that expiry, whoever tells it first; providers tell
    /// whole seconds.
    private func closingFact(_ fact: PaymentFact) -> ChargeTransitions.FactName {
        guard let expiresAt = order.expiresAt, status != .failed, fact.occurredAt.seconds >= expiresAt.seconds else { return .canceled }
        return .expired
    }

    /// Facts that are not an outcome count only when they are newer than what is known, because webhooks overtake each other.
    private func progress(
        _ name: ChargeTransitions.FactName,
        _ fact: PaymentFact,
        at now: Timestamp,
        _ change: (inout Charge) -> Void
    ) -> Decision {
        fact.occurredAt < lastFactAt ? .alreadyKnown : move(name, fact, at: now, change)
    }

    private func move(
        _ name: ChargeTransitions.FactName,
        _ fact: PaymentFact,
        at now: Timestamp,
        _ change: (inout Charge) -> Void
    ) -> Decision {
        guard let destination = ChargeTransitions.destination(from: status, by: name) else { return learnReference(from: fact, at: now) }
        var charge = self
        charge.status = destination
        charge.failure = nil
        charge.providerReference = providerReference ?? fact.providerReference
        charge.lastFactAt = max(lastFactAt, fact.occurredAt)
        charge.updatedAt = max(updatedAt, now)
        charge.version += 1
        change(&charge)
        var decision = Decision(effect: .applied, charge: charge)
        if let type = NotificationType(announcing: destination) {
            decision.notifications = [charge.notification(type, at: now)]
        }
        return decision
    }

    /// Keeps the provider's name for the payment even when the fact changes nothing else.
    private func learnReference(from fact: PaymentFact, at now: Timestamp) -> Decision {
        guard providerReference == nil, let reference = fact.providerReference else { return .alreadyKnown }
        var charge = self
        charge.providerReference = reference
        charge.updatedAt = max(updatedAt, now)
        return Decision(effect: .applied, charge: charge)
    }

    private func notification(_ type: NotificationType, at now: Timestamp) -> OrderCoreNotification {
        OrderCoreNotification(type: type, cause: "\(id):\(version)", subject: .charge(self), occurredAt: now)
    }
}

extension Charge {
    private func applyCapture(_ capture: PaymentFact.Capture, _ fact: PaymentFact, at now: Timestamp) -> Decision {
        if paidBy == capture.transaction { return .alreadyKnown }
        if let reason = refusal(of: capture, paidAt: fact.occurredAt) {
            return SuspenseRule.suspend(capture, fact, reason: reason, charge: self, at: now)
        }
        let name: ChargeTransitions.FactName = status == .expired ? .capturedInTime : .captured
        var decision = move(name, fact, at: now) {
            $0.nextAction = nil
            $0.amountCaptured = capture.amount
            $0.paidBy = capture.transaction
        }
        guard let entry = captureEntry(capture, fact) else {
            return SuspenseRule.suspend(capture, fact, reason: .currencyMismatch, charge: self, at: now)
        }
        decision.entries = [entry]
        return decision
    }

    /// Why this charge cannot take the money, or nil.
    private func refusal(of capture: PaymentFact.Capture, paidAt: Timestamp) -> SuspenseReason? {
        if paidBy != nil { return .duplicatePayment }
        if capture.amount.asset != order.amount.asset { return .currencyMismatch }
        if !accepts(capture.amount) { return .amountMismatch }
        if LatePaymentRule.isLate(paidAt: paidAt, expiresAt: order.expiresAt, status: status) { return .late }
        return status == .canceled ? .chargeClosed : nil
    }

    /// Exactly what was asked for; with manual capture, any part of it.
    private func accepts(_ amount: Amount) -> Bool {
        switch order.capture {
        case .automatic: amount == order.amount
        case .manual: amount.minorUnits <= order.amount.minorUnits
        }
    }

    private func captureEntry(_ capture: PaymentFact.Capture, _ fact: PaymentFact) -> JournalEntry? {
        let asset = capture.amount.asset
        guard
            let transfer = try? Transfer(
                debit: ChartOfAccounts.clearing(fact.provider, asset),
                credit: ChartOfAccounts.ordersPayable(asset),
                amount: capture.amount
            )
        else { return nil }
        let cause = CaptureCause.of(capture, through: fact.provider)
        return JournalEntry(cause: cause, kind: .capture, transfer, chargeID: id, occurredAt: fact.occurredAt)
    }
}
