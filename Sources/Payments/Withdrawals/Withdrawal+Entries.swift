/// What a withdrawal books. Every cause is made of its id, so that each thing is booked once.
extension Withdrawal {
    private var inTransit: LedgerAccount { ChartOfAccounts.payoutsInTransit(amount.asset) }
    private var clearing: LedgerAccount { ChartOfAccounts.clearing(provider, amount.asset) }

    private func cause(_ name: String) -> EntryCause { EntryCause("withdrawal:\(id):\(name)") }

    private func entry(_ name: String, _ kind: EntryKind, _ transfers: [Transfer], _ time: Timestamp, isPending: Bool = false)
        -> JournalEntry?
    {
        guard let first = transfers.first else { return nil }
        return JournalEntry(
            cause: cause(name),
            kind: kind,
            phase: isPending ? .pending(expiresAt: nil) : .posted,
            first,
            Array(transfers.dropFirst()),
            chargeID: nil,
            occurredAt: time
        )
    }

    private func moving(from debit: LedgerAccount, to credit: LedgerAccount, _ amount: Amount) -> [Transfer] {
        (try? Transfer(debit: debit, credit: credit, amount: amount)).map { [$0] } ?? []
    }

    /// The money stays in the wallet and cannot be spent: the database lets no wallet promise more than it holds.
    var hold: JournalEntry? {
        entry("held", .reservation, moving(from: wallet, to: inTransit, amount), createdAt, isPending: true)
    }

    /// What was held leaves the wallet.
    func sending(_ fact: PayoutFact) -> PendingResolution {
        PendingResolution(cause: cause("sent"), kind: .withdrawal, pending: cause("held"), outcome: .post, occurredAt: fact.occurredAt)
    }

    /// What was held can be spent again.
    func release(at time: Timestamp) -> PendingResolution {
        PendingResolution(cause: cause("released"), kind: .withdrawalReturn, pending: cause("held"), outcome: .void, occurredAt: time)
    }

    /// The provider has paid it from what it owes us.
    func payment(_ fact: PayoutFact) -> JournalEntry? {
        entry("paid", .payout, moving(from: inTransit, to: clearing, amount), fact.occurredAt)
    }

    /// What was sent comes back to the customer.
    func restoring(_ fact: PayoutFact, wasPaid: Bool, walletIsClosed: Bool) -> JournalEntry? {
        let home = walletIsClosed ? ChartOfAccounts.suspense(provider, amount.asset) : wallet
        return entry("returned", .withdrawalReturn, moving(from: wasPaid ? clearing : inTransit, to: home, amount), fact.occurredAt)
    }

    /// The change from the fee that was booked to the one that is kept.
    func feeEntry(_ kept: Amount?, _ fact: PayoutFact) -> JournalEntry? {
        let accounts = { (asset: Asset) in
            (fees: ChartOfAccounts.fees(provider, asset), clearing: ChartOfAccounts.clearing(provider, asset))
        }
        let undone = fee.map { moving(from: accounts($0.asset).clearing, to: accounts($0.asset).fees, $0) } ?? []
        let done = kept.map { moving(from: accounts($0.asset).fees, to: accounts($0.asset).clearing, $0) } ?? []
        return entry("fee:\(version)", .fee, undone + done, fact.occurredAt)
    }

    /// Money that came back when its wallet was closed already.
    func exception(_ entry: JournalEntry) -> PaymentException {
        PaymentException(
            cause: entry.cause,
            reason: .walletClosed,
            provider: provider,
            transaction: providerReference ?? "",
            amount: amount,
            chargeID: nil,
            occurredAt: entry.occurredAt
        )
    }
}
