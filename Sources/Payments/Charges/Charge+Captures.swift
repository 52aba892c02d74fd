extension Charge {
    /// Decides for money that came: it pays the charge, or is suspended.
    func applyCapture(_ capture: PaymentFact.Capture, _ fact: PaymentFact, at now: Timestamp) -> Decision {
        if paidBy == capture.transaction { return .alreadyKnown }
        if let reason = refusal(of: capture, paidAt: fact.occurredAt) {
            return SuspenseRule.suspend(capture, fact, reason: reason, charge: self, at: now)
        }
        let isClosed = status == .expired || status == .canceled
        var decision = move(isClosed ? .capturedInTime : .captured, fact, at: now) {
            $0.amountCaptured = taken(of: capture)
            $0.paidBy = capture.transaction
        }
        guard let entry = captureEntry(capture, fact) else {
            return SuspenseRule.suspend(capture, fact, reason: .currencyMismatch, charge: self, at: now)
        }
        decision.entries = [entry] + reassignment(of: capture, fact)
        if let captured = decision.charge, captured.hasReturnedTooMuch {
            decision.exceptions = [captured.excess(cause: entry.cause, transaction: capture.transaction, fact)]
        }
        keepExcess(of: capture, fact, beside: entry.cause, at: now, in: &decision)
        CoinRules.complete(&decision, capture, fact, charge: self, at: now)
        return decision
    }

    /// What a payment gives the charge: never more than the charge asked for.
    private func taken(of capture: PaymentFact.Capture) -> Amount {
        capture.amount.minorUnits > order.amount.minorUnits ? order.amount : capture.amount
    }

    /// What was paid beyond the charge's amount belongs to the payer: it waits in suspense, and finance gives it back.
    private func keepExcess(
        of capture: PaymentFact.Capture,
        _ fact: PaymentFact,
        beside cause: EntryCause,
        at now: Timestamp,
        in decision: inout Decision
    ) {
        let asset = capture.amount.asset
        let excess = Amount(minorUnits: capture.amount.minorUnits - order.amount.minorUnits, asset: asset)
        let clearing = ChartOfAccounts.clearing(fact.provider, asset)
        let suspense = ChartOfAccounts.suspense(fact.provider, asset)
        guard excess.isPositive, let transfer = try? Transfer(debit: clearing, credit: suspense, amount: excess) else { return }
        let own = EntryCause("\(cause.text):\(CoinRules.Part.overpaid.rawValue)")
        decision.entries.append(JournalEntry(cause: own, kind: .suspense, transfer, chargeID: id, occurredAt: fact.occurredAt))
        SuspenseRule.announce(
            PaymentFact.Capture(amount: excess, transaction: capture.transaction),
            fact,
            cause: own,
            reason: .overpaid,
            charge: decision.charge ?? self,
            at: now,
            in: &decision
        )
    }

    /// What paid the charge already is claimed, whatever somebody saw before.
    func unclaimed(_ capture: PaymentFact.Capture, _ fact: PaymentFact, reason: SuspenseReason, at now: Timestamp) -> Decision {
        guard !hasTaken(capture.transaction) else { return .alreadyKnown }
        return SuspenseRule.suspend(capture, fact, reason: reason, charge: self, at: now)
    }

    /// What had gone back before its payment was known was taken from suspense; the payment makes that good.
    private func reassignment(of capture: PaymentFact.Capture, _ fact: PaymentFact) -> [JournalEntry] {
        let asset = order.amount.asset
        guard let returned = try? amountRefunded.adding(amountLost),
            let transfer = try? Transfer(
                debit: ChartOfAccounts.ordersPayable(asset),
                credit: ChartOfAccounts.suspense(fact.provider, asset),
                amount: returned
            )
        else { return [] }
        let cause = EntryCause("\(fact.provider.text):\(capture.transaction):reassigned")
        return [JournalEntry(cause: cause, kind: .reassignment, transfer, chargeID: id, occurredAt: fact.occurredAt)]
    }

    /// Why this charge cannot take the money, or nil.
    private func refusal(of capture: PaymentFact.Capture, paidAt: Timestamp) -> SuspenseReason? {
        // What the payment itself says comes before what else is known, which depends on what was told first.
        if capture.amount.asset != order.amount.asset { return .currencyMismatch }
        if !accepts(capture.amount) { return .amountMismatch }
        if LatePaymentRule.isLate(paidAt: paidAt, for: self) { return .late }
        if paidBy != nil { return .duplicatePayment }
        // Coins that came for a closed charge may be in suspense already, a part at a time; people decide.
        if capture.coins != nil, !status.isOpen { return .chargeClosed }
        return status == .canceled && paidAt > lastFactAt ? .chargeClosed : nil
    }

    /// What was asked for or more, of which the rest is kept apart; with manual capture, any part of it.
    private func accepts(_ amount: Amount) -> Bool {
        switch order.capture {
        case .automatic: amount.minorUnits >= order.amount.minorUnits
        case .manual: amount.minorUnits <= order.amount.minorUnits
        }
    }

    private func captureEntry(_ capture: PaymentFact.Capture, _ fact: PaymentFact) -> JournalEntry? {
        let asset = capture.amount.asset
        guard
            let transfer = try? Transfer(
                debit: ChartOfAccounts.clearing(fact.provider, asset),
                credit: ChartOfAccounts.ordersPayable(asset),
                amount: taken(of: capture)
            )
        else { return nil }
        let cause = CaptureCause.of(capture, through: fact.provider)
        return JournalEntry(cause: cause, kind: .capture, transfer, chargeID: id, occurredAt: fact.occurredAt)
    }
}
