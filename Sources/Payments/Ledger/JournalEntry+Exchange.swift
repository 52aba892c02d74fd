extension JournalEntry {
    /// A conversion: two transfers in one entry, each balanced in its own asset, through the exchange accounts of the two assets.
    ///
    /// What is given leaves `source` and what is received reaches `destination`; the exchange accounts hold the open position between the
    /// assets. The amounts are what was agreed; the rate is kept as quoted and is not used to compute anything.
    ///
    /// - Throws: `TransferError` when an amount is not positive or an account holds another asset.
    package static func exchange(
        cause: EntryCause,
        giving given: Amount,
        from source: LedgerAccount,
        receiving received: Amount,
        into destination: LedgerAccount,
        rate: ExchangeRate,
        chargeID: ChargeID? = nil,
        occurredAt: Timestamp
    ) throws(TransferError) -> JournalEntry {
        let leaving = ChartOfAccounts.exchange(given.asset)
        let arriving = ChartOfAccounts.exchange(received.asset)
        // A debit-normal account shrinks by a credit, all others by a debit.
        let gift =
            source.kind.isDebitNormal
            ? try Transfer(debit: leaving, credit: source, amount: given) : try Transfer(debit: source, credit: leaving, amount: given)
        let receipt =
            destination.kind.isDebitNormal
            ? try Transfer(debit: destination, credit: arriving, amount: received)
            : try Transfer(debit: arriving, credit: destination, amount: received)
        return JournalEntry(
            cause: cause,
            kind: .exchange,
            gift,
            [receipt],
            chargeID: chargeID,
            occurredAt: occurredAt,
            exchangeRate: rate
        )
    }
}
