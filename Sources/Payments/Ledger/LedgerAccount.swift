/// One account of the books: what it is called, what it holds, and what it may not do.
package struct LedgerAccount: Sendable, Hashable {
    /// The unique name, made of segments: `provider:stripe:clearing:THB`.
    package let name: AccountName
    /// The only asset the account holds.
    package let asset: Asset
    /// Its place in the balance sheet or the income statement.
    package let kind: AccountClass
    /// The limit the database enforces under any concurrency.
    package let rule: BalanceRule

    /// Describes an account; two descriptions of one name must agree.
    package init(name: AccountName, asset: Asset, kind: AccountClass, rule: BalanceRule = .unrestricted) {
        self.name = name
        self.asset = asset
        self.kind = kind
        self.rule = rule
    }
}

/// The class of an account, which says on which side it normally stands.
package enum AccountClass: String, Sendable, Hashable, CaseIterable {
    case asset
    case liability
    case equity
    case income
    case expense

    /// Whether a growing balance is a growing debit side.
    package var isDebitNormal: Bool {
        switch self {
        case .asset, .expense: true
        case .liability, .equity, .income: false
        }
    }
}

/// What the two sides of an account may not do to each other, pending amounts included.
package enum BalanceRule: String, Sendable, Hashable, CaseIterable {
    /// Both sides move freely.
    case unrestricted
    /// The debits may never exceed the credits: a liability that may not be negative, such as a wallet.
    case debitsMustNotExceedCredits = "debits_must_not_exceed_credits"
    /// The credits may never exceed the debits: an asset that may not be overdrawn.
    case creditsMustNotExceedDebits = "credits_must_not_exceed_debits"
}
