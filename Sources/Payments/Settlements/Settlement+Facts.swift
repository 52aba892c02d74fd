extension Settlement {
    /// Decides what follows from how a settlement stands; one that is new is kept under `newID`.
    package static func decide(
        _ told: PaymentFact.Payout,
        _ fact: PaymentFact,
        known: Settlement?,
        newID: SettlementID,
        at now: Timestamp
    ) -> Decision {
        let before =
            known
            ?? Settlement(id: newID, provider: fact.provider, providerReference: told.payout, amount: told.amount, createdAt: now)
        let moves = SettlementTransitions.leads(from: before.status, to: told.state.status)
        guard known == nil || moves else { return .alreadyKnown }
        var after = before
        if moves { after.status = told.state.status }
        after.updatedAt = max(before.updatedAt, now)
        var decision = Decision(effect: .applied)
        decision.settlement = after
        if before.status.isOnItsWay != after.status.isOnItsWay, let entry = after.entry(fact) { decision.entries = [entry] }
        return decision
    }

    private func entry(_ fact: PaymentFact) -> JournalEntry? {
        let inTransit = ChartOfAccounts.inTransit(provider, amount.asset)
        let clearing = ChartOfAccounts.clearing(provider, amount.asset)
        let isSent = status.isOnItsWay
        // A provider that we owe something takes it from our bank.
        let isTowardsUs = isSent == amount.isPositive
        guard
            let transfer = try? Transfer(
                debit: isTowardsUs ? inTransit : clearing,
                credit: isTowardsUs ? clearing : inTransit,
                amount: Amount(minorUnits: abs(amount.minorUnits), asset: amount.asset)
            )
        else { return nil }
        return JournalEntry(
            cause: EntryCause("\(provider.text):\(providerReference):\(isSent ? "settled" : "settlement_failed")"),
            kind: isSent ? .settlement : .settlementFailure,
            transfer,
            chargeID: nil,
            occurredAt: fact.occurredAt
        )
    }
}

extension PaymentFact.Payout.State {
    fileprivate var status: SettlementStatus {
        switch self {
        case .pending: .pending
        case .inTransit: .inTransit
        case .paid: .paid
        case .failed: .failed
        case .canceled: .canceled
        }
    }
}

extension PaymentFact.Fee {
    /// The cause of the fee's entry.
    package func cause(through provider: ProviderName) -> EntryCause {
        EntryCause("\(provider.text):\(transaction):fee")
    }

    /// Decides what follows from a fee; the shell drops one that is booked already.
    package func decide(_ fact: PaymentFact, charge: Charge?) -> Decision {
        let fees = ChartOfAccounts.fees(fact.provider, amount.asset)
        let clearing = ChartOfAccounts.clearing(fact.provider, amount.asset)
        let (given, overflow) = Int128(0).subtractingReportingOverflow(amount.minorUnits)
        guard !overflow,
            let transfer = amount.isPositive
                ? try? Transfer(debit: fees, credit: clearing, amount: amount)
                : try? Transfer(debit: clearing, credit: fees, amount: Amount(minorUnits: given, asset: amount.asset))
        else { return .alreadyKnown }
        var decision = Decision(effect: .applied)
        decision.entries = [
            JournalEntry(cause: cause(through: fact.provider), kind: .fee, transfer, chargeID: charge?.id, occurredAt: fact.occurredAt)
        ]
        return decision
    }
}
