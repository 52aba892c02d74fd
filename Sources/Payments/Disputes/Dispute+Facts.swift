extension Dispute {
    /// Decides what follows from how a dispute stands; one that is new is kept under `newID`.
    package static func decide(
        _ told: PaymentFact.Dispute,
        _ fact: PaymentFact,
        known: Dispute?,
        charge: Charge?,
        newID: DisputeID,
        at now: Timestamp
    ) -> Decision {
        let before = known ?? Dispute(told.dispute, told.amount, fact, charge: charge, id: newID, at: now)
        var after = before
        after.reason = before.reason ?? told.reason
        // A time to answer is only ever made longer.
        after.respondBy = [told.respondBy, before.respondBy].compactMap(\.self).max()
        if let name = before.factName(told.stage, at: fact.occurredAt),
            let status = DisputeTransitions.destination(from: before.status, by: name)
        {
            after.status = status
            after.amount = told.amount
            after.lastFactAt = fact.occurredAt
        } else if told.stage.status == before.status {
            // The same outcome at a later time keeps one between from counting.
            after.lastFactAt = max(before.lastFactAt, fact.occurredAt)
            let isNewer = fact.occurredAt > before.lastFactAt
            if isNewer || fact.occurredAt == before.lastFactAt && told.amount.minorUnits > before.amount.minorUnits {
                after.amount = told.amount
            }
        }
        guard known == nil || after != before else { return .alreadyKnown }
        return after.conclude(from: before, fact, charge: charge, at: now)
    }

    /// Decides what follows from disputed money that the provider took or gave back; the shell drops a movement that is booked already.
    package static func decide(
        _ funds: PaymentFact.DisputeFunds,
        _ fact: PaymentFact,
        known: Dispute?,
        charge: Charge?,
        newID: DisputeID,
        at now: Timestamp
    ) -> Decision {
        guard let entry = entry(of: funds, fact, charge: charge) else { return .alreadyKnown }
        let before = known ?? Dispute(funds.dispute, funds.amount, fact, charge: charge, id: newID, at: now)
        var after = before
        if after.amountWithdrawn.asset != funds.amount.asset, after.amountWithdrawn.minorUnits == 0, after.amountWrittenOff.minorUnits == 0
        {
            after.amountWithdrawn = .zero(funds.amount.asset)
            after.amountWrittenOff = .zero(funds.amount.asset)
        }
        let change = funds.direction == .withdrawn ? funds.amount.minorUnits : -funds.amount.minorUnits
        let isCounted = after.amountWithdrawn.asset == funds.amount.asset
        if isCounted {
            after.amountWithdrawn = Amount(minorUnits: after.amountWithdrawn.minorUnits + change, asset: funds.amount.asset)
        }
        var decision = after.conclude(from: before, fact, charge: charge, at: now)
        decision.entries.insert(entry, at: 0)
        if funds.direction == .withdrawn, charge == nil || !isCounted {
            let exception = PaymentException(
                cause: entry.cause,
                reason: charge == nil ? .unknownCharge : .currencyMismatch,
                provider: fact.provider,
                transaction: funds.transaction,
                amount: funds.amount,
                chargeID: charge?.id,
                occurredAt: fact.occurredAt
            )
            decision.exceptions.append(charge == nil ? exception.about(funds.dispute) : exception)
        }
        return decision
    }

    /// The cause of the entry for disputed money.
    package static func cause(of funds: PaymentFact.DisputeFunds, through provider: ProviderName) -> EntryCause {
        EntryCause("\(provider.text):\(funds.transaction):dispute_\(funds.direction.rawValue)")
    }

    private init(_ reference: String, _ amount: Amount, _ fact: PaymentFact, charge: Charge?, id: DisputeID, at now: Timestamp) {
        self.init(
            id: id,
            chargeID: charge?.id,
            provider: fact.provider,
            providerReference: reference,
            amount: amount,
            createdAt: now
        )
        if charge == nil { paymentReference = fact.paymentReference }
    }

    /// The name of a stage in the table; of two outcomes at one moment the worse one counts.
    private func factName(_ stage: PaymentFact.Dispute.Stage, at moment: Timestamp) -> DisputeTransitions.FactName? {
        let told = stage.factName
        guard status.isOutcome else { return told }
        let isLater = moment > lastFactAt || moment == lastFactAt && told.rank > status.rank
        return isLater ? told.afterOutcome : nil
    }
}

extension Dispute {
    /// Writes off what a lost dispute took, takes that back when it is lost no more, and tells the order core.
    private func conclude(from before: Dispute, _ fact: PaymentFact, charge: Charge?, at now: Timestamp) -> Decision {
        var after = self
        after.updatedAt = max(before.updatedAt, now)
        after.version = before.version + 1
        let loss = status == .lost ? max(0, amountWithdrawn.minorUnits) : 0
        let change = loss - amountWrittenOff.minorUnits
        after.amountWrittenOff = Amount(minorUnits: loss, asset: amountWrittenOff.asset)
        var decision = Decision(effect: .applied)
        decision.dispute = after
        if change != 0, let entry = after.lossEntry(change, fact, charge: charge) { decision.entries = [entry] }
        guard let charge else { return decision }
        let isOfCharge = charge.order.amount.asset == amountWrittenOff.asset && change != 0
        let type = status == before.status ? nil : NotificationType(announcing: status)
        let isNews = type != nil && !(type == .disputeOpened && before.status == .needsResponse)
        guard isOfCharge || isNews else { return decision }
        let changed = charge.told(at: now) { charge in
            guard isOfCharge else { return }
            charge.amountLost = Amount(minorUnits: charge.amountLost.minorUnits + change, asset: charge.amountLost.asset)
        }
        decision.charge = changed
        if let type, isNews {
            decision.notifications = [
                OrderCoreNotification(
                    type: type,
                    cause: "\(id):\(after.version)",
                    subject: .dispute(after, changed),
                    occurredAt: now
                )
            ]
        }
        if change > 0, changed.hasReturnedTooMuch, let cause = decision.entries.first?.cause {
            decision.exceptions = [changed.excess(cause: cause, transaction: providerReference, fact)]
        }
        return decision
    }

    private func lossEntry(_ change: Int128, _ fact: PaymentFact, charge: Charge?) -> JournalEntry? {
        let asset = amountWrittenOff.asset
        let home = Charge.home(of: charge, through: provider, asset)
        let disputed = ChartOfAccounts.disputes(provider, asset)
        guard
            let transfer = try? Transfer(
                debit: change > 0 ? home : disputed,
                credit: change > 0 ? disputed : home,
                amount: Amount(minorUnits: abs(change), asset: asset)
            )
        else { return nil }
        return JournalEntry(
            cause: EntryCause("\(provider.text):\(providerReference):written_off:\(version)"),
            kind: .disputeLoss,
            transfer,
            chargeID: charge?.id,
            occurredAt: fact.occurredAt
        )
    }

    private static func entry(of funds: PaymentFact.DisputeFunds, _ fact: PaymentFact, charge: Charge?) -> JournalEntry? {
        let isTaken = funds.direction == .withdrawn
        let transfer = { (account: LedgerAccount, amount: Amount) -> Transfer? in
            let clearing = ChartOfAccounts.clearing(fact.provider, amount.asset)
            return try? Transfer(debit: isTaken ? account : clearing, credit: isTaken ? clearing : account, amount: amount)
        }
        guard let moved = transfer(ChartOfAccounts.disputes(fact.provider, funds.amount.asset), funds.amount) else { return nil }
        let fee = funds.fee.flatMap { transfer(ChartOfAccounts.fees(fact.provider, $0.asset), $0) }
        return JournalEntry(
            cause: cause(of: funds, through: fact.provider),
            kind: isTaken ? .dispute : .disputeReversal,
            moved,
            fee.map { [$0] } ?? [],
            chargeID: charge?.id,
            occurredAt: fact.occurredAt
        )
    }
}

extension PaymentFact.Dispute.Stage {
    fileprivate var status: DisputeStatus {
        switch self {
        case .inquiry: .inquiry
        case .opened: .needsResponse
        case .underReview: .underReview
        case .closed: .closed
        case .won: .won
        case .lost: .lost
        }
    }

    fileprivate var factName: DisputeTransitions.FactName {
        switch self {
        case .inquiry: .inquiry
        case .opened: .opened
        case .underReview: .underReview
        case .closed: .closed
        case .won: .won
        case .lost: .lost
        }
    }
}

extension DisputeTransitions.FactName {
    /// The same outcome after another one; nil for progress, which no outcome gives way to.
    fileprivate var afterOutcome: DisputeTransitions.FactName? {
        switch self {
        case .closed: .closedLater
        case .won: .wonLater
        case .lost: .lostLater
        default: nil
        }
    }

    fileprivate var rank: Int {
        switch self {
        case .closed: 1
        case .won: 2
        case .lost: 3
        default: 0
        }
    }
}

extension DisputeStatus {
    fileprivate var rank: Int {
        switch self {
        case .inquiry, .needsResponse, .underReview: 0
        case .closed: 1
        case .won: 2
        case .lost: 3
        }
    }
}
