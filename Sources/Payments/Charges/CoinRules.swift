/// What follows from coins: they stand on a clearing account of their own asset, and what they were quoted at is exchanged into it.
///
/// A capture books its amount on the clearing account of the charge's currency. The exchange moves that to the coins, so the books hold
/// what is really there, and the exchange accounts hold the position that a changing rate makes a gain or a loss of.
enum CoinRules {
    /// What an entry beside a capture books; its cause ends with the name.
    enum Part: String, CaseIterable {
        /// The coins took the place of what they were quoted at.
        case exchanged
        /// Less came than was quoted, and that was tolerated.
        case underpaid
        /// More came than was quoted, and belongs to the payer.
        case overpaid
    }

    /// Adds to a capture's decision what its coins need: entries, and the news of what was sent too much.
    static func complete(_ decision: inout Decision, _ capture: PaymentFact.Capture, _ fact: PaymentFact, charge: Charge, at now: Timestamp)
    {
        guard let coins = capture.coins else { return }
        let cause = CaptureCause.of(capture, through: fact.provider)
        decision.entries += entries(of: capture, fact, chargeID: charge.id, under: cause, isBack: false)
        let excess = excess(of: coins)
        guard excess.isPositive, let payment = coins.payments.last else { return }
        let surplus = PaymentFact.Capture(amount: excess, transaction: payment.transaction)
        SuspenseRule.announce(
            surplus,
            fact,
            cause: EntryCause("\(cause.text):\(Part.overpaid.rawValue)"),
            reason: .overpaid,
            charge: decision.charge ?? charge,
            at: now,
            in: &decision
        )
    }

    /// Decides for a reorganisation: what the coins booked goes back, or is booked again; finance looks at a payment that is gone.
    static func reorganise(_ change: PaymentFact.Reorganisation, _ fact: PaymentFact, charge: Charge) -> Decision {
        guard charge.paidBy == change.capture.transaction, let coins = change.capture.coins else { return .alreadyKnown }
        let cause = CaptureCause.of(change, through: fact.provider)
        var decision = Decision(effect: .applied)
        decision.entries = entries(of: change.capture, fact, chargeID: charge.id, under: cause, isBack: !change.isRestored)
        guard !change.isRestored else { return decision }
        decision.exceptions = [
            PaymentException(
                cause: cause,
                reason: .reorganised,
                provider: fact.provider,
                transaction: change.transaction,
                amount: coins.received,
                chargeID: charge.id,
                occurredAt: fact.occurredAt
            )
        ]
        return decision
    }

    /// The causes of all entries that can stand beside one of `cause`.
    static func causes(beside cause: EntryCause) -> [EntryCause] {
        Part.allCases.map { EntryCause("\(cause.text):\($0.rawValue)") }
    }

    private static func entries(
        of capture: PaymentFact.Capture,
        _ fact: PaymentFact,
        chargeID: ChargeID,
        under cause: EntryCause,
        isBack: Bool
    ) -> [JournalEntry] {
        guard let coins = capture.coins else { return [] }
        return zip(Part.allCases, causes(beside: cause)).compactMap { part, cause -> JournalEntry? in
            let kind: EntryKind
            let sides: (debit: LedgerAccount, credit: LedgerAccount)
            let amount: Amount
            switch part {
            case .exchanged:
                return exchange(capture, fact, chargeID: chargeID, cause: cause, isBack: isBack)
            case .underpaid:
                let asset = capture.amount.asset
                kind = .fee
                sides = (ChartOfAccounts.fees(fact.provider, asset), ChartOfAccounts.clearing(fact.provider, asset))
                amount = Amount(minorUnits: capture.amount.minorUnits - value(of: capture).minorUnits, asset: asset)
            case .overpaid:
                let asset = coins.due.asset
                kind = .suspense
                sides = (ChartOfAccounts.clearing(fact.provider, asset), ChartOfAccounts.suspense(fact.provider, asset))
                amount = excess(of: coins)
            }
            let transfer = try? Transfer(
                debit: isBack ? sides.credit : sides.debit,
                credit: isBack ? sides.debit : sides.credit,
                amount: amount
            )
            return transfer.map { JournalEntry(cause: cause, kind: kind, $0, chargeID: chargeID, occurredAt: fact.occurredAt) }
        }
    }

    /// A charge in coins has nothing to exchange: what is captured and what is received are the same asset.
    private static func exchange(
        _ capture: PaymentFact.Capture,
        _ fact: PaymentFact,
        chargeID: ChargeID,
        cause: EntryCause,
        isBack: Bool
    ) -> JournalEntry? {
        guard let coins = capture.coins, let rate = coins.rate else { return nil }
        let used = Amount(minorUnits: min(coins.received.minorUnits, coins.due.minorUnits), asset: coins.due.asset)
        let worth = value(of: capture)
        let coinsAccount = ChartOfAccounts.clearing(fact.provider, used.asset)
        let moneyAccount = ChartOfAccounts.clearing(fact.provider, worth.asset)
        return try? JournalEntry.exchange(
            cause: cause,
            giving: isBack ? used : worth,
            from: isBack ? coinsAccount : moneyAccount,
            receiving: isBack ? worth : used,
            into: isBack ? moneyAccount : coinsAccount,
            rate: rate,
            chargeID: chargeID,
            occurredAt: fact.occurredAt
        )
    }

    /// What was sent too much; zero or less when nothing was.
    private static func excess(of coins: PaymentFact.Coins) -> Amount {
        Amount(minorUnits: coins.received.minorUnits - coins.due.minorUnits, asset: coins.due.asset)
    }

    /// The part of the amount that the coins are worth by the quote, rounded half up; all of it when enough was sent.
    static func value(of capture: PaymentFact.Capture) -> Amount {
        guard let coins = capture.coins, coins.received.minorUnits < coins.due.minorUnits, coins.received.minorUnits > 0 else {
            return capture.amount
        }
        let due = coins.due.minorUnits.magnitude
        let product = capture.amount.minorUnits.magnitude.multipliedFullWidth(by: coins.received.minorUnits.magnitude)
        let (quotient, remainder) = due.dividingFullWidth(product)
        let rounded = remainder >= due - remainder ? quotient + 1 : quotient
        return Amount(minorUnits: Int128(rounded), asset: capture.amount.asset)
    }
}

extension Charge {
    /// Whether a payment on the chain is among those that paid the charge.
    func hasTaken(_ transaction: String) -> Bool {
        paidBy?.split(separator: "+").contains { $0 == transaction } ?? false
    }
}
