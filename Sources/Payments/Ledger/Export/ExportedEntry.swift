/// A journal entry as it stands in the books, for an export; all of it is posted, nothing is pending.
package struct ExportedEntry: Sendable, Hashable {
    package let id: EntryID
    package let cause: EntryCause
    package let kind: EntryKind
    /// The charge it belongs to, if any.
    package let chargeID: ChargeID?
    /// When the money moved in the world.
    package let occurredAt: Timestamp
    /// When it was written; it is exported under this day.
    package let postedAt: Timestamp
    /// What a person wrote about it; may hold any characters.
    package let reason: String?
    /// For a conversion, the price as it was quoted.
    package let exchangeRate: ExchangeRate?
    /// The movements in their order.
    package let transfers: [Transfer]

    /// Makes an entry.
    package init(
        id: EntryID,
        cause: EntryCause,
        kind: EntryKind,
        chargeID: ChargeID?,
        occurredAt: Timestamp,
        postedAt: Timestamp,
        reason: String?,
        exchangeRate: ExchangeRate? = nil,
        transfers: [Transfer]
    ) {
        self.id = id
        self.cause = cause
        self.kind = kind
        self.chargeID = chargeID
        self.occurredAt = occurredAt
        self.postedAt = postedAt
        self.reason = reason
        self.exchangeRate = exchangeRate
        self.transfers = transfers
    }
}

/// What stands on an account at one instant.
package struct ExportedBalance: Sendable, Hashable {
    package let account: LedgerAccount
    /// Posted debits less posted credits, whatever the account's class: liabilities and income are negative.
    package let amount: Amount

    /// Makes a balance from debits less credits in minor units of the account's asset.
    package init(account: LedgerAccount, debitsLessCredits minorUnits: Int128) {
        self.account = account
        amount = Amount(minorUnits: minorUnits, asset: account.asset)
    }
}

/// How much an export held, so that a reader notices when its end is missing.
package struct ExportCounts: Sendable, Hashable {
    package var accounts: Int
    package var entries: Int
    package var transfers: Int

    /// Makes counts; an export begins with none.
    package init(accounts: Int = 0, entries: Int = 0, transfers: Int = 0) {
        self.accounts = accounts
        self.entries = entries
        self.transfers = transfers
    }
}
