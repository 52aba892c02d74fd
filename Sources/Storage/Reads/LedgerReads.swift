package import Payments
package import PostgreSQL

/// An account with what stands on it.
package struct AccountStanding: Sendable {
    package let account: LedgerAccount
    package let sides: AccountBalance
    package let isClosed: Bool

    /// The posted debits.
    package var debits: Amount { Amount(minorUnits: sides.debitsPosted, asset: account.asset) }
    /// The posted credits.
    package var credits: Amount { Amount(minorUnits: sides.creditsPosted, asset: account.asset) }
    /// The posted balance, positive as the account's class normally stands.
    package var balance: Amount { Amount(minorUnits: sides.posted(of: account.kind), asset: account.asset) }
}

/// All accounts, and for each asset the two sums that must be equal.
package struct TrialBalance: Sendable {
    package let accounts: [AccountStanding]
    /// Debits and credits by asset, in the order of the codes.
    package let totals: [(debits: Amount, credits: Amount)]

    /// Whether the books balance.
    package var isBalanced: Bool { totals.allSatisfy { $0.debits == $0.credits } }

    init(_ accounts: [AccountStanding]) throws {
        self.accounts = accounts
        var totals: [Asset: (debits: Amount, credits: Amount)] = [:]
        for account in accounts {
            let asset = account.account.asset
            let sum = totals[asset] ?? (.zero(asset), .zero(asset))
            totals[asset] = (try sum.debits.adding(account.debits), try sum.credits.adding(account.credits))
        }
        self.totals = totals.sorted { $0.key.code < $1.key.code }.map(\.value)
    }
}

/// The books for those who look.
package enum LedgerReads {
    /// Accounts in the order of their names, those behind `after`.
    package static func accounts(after: String?, limit: Int, on pool: ConnectionPool) async throws -> [AccountStanding] {
        let result = try await pool.execute(selectAccounts, [.optional(after) { .text($0) }, .int64(Int64(limit))])
        return try standings(result)
    }

    /// All accounts and their sums, as of one instant.
    package static func trialBalance(on pool: ConnectionPool) async throws -> TrialBalance {
        try TrialBalance(try await accounts(after: nil, limit: Int(Int32.max), on: pool))
    }

    // Not inlined: the compiler's optimiser (6.3.1) crashes when it is split into an asynchronous function.
    @inline(never)
    private static func standings(_ result: QueryResult) throws -> [AccountStanding] {
        try result.rows.map { row in
            AccountStanding(account: try row.ledgerAccount(0), sides: try row.accountBalance(5), isClosed: try row.bool(4))
        }
    }

    private static let selectAccounts = Statement(
        "ledger_list_accounts",
        """
        SELECT a.name, a.asset, a.class, a.rule, a.closed_at IS NOT NULL, coalesce(b.debits_posted, 0), coalesce(b.credits_posted, 0),
            coalesce(b.debits_pending, 0), coalesce(b.credits_pending, 0)
        FROM ledger_accounts a LEFT JOIN LATERAL (
            SELECT * FROM ledger_balances WHERE account_id = a.id ORDER BY version DESC LIMIT 1
        ) b ON true
        WHERE $1::text IS NULL OR a.name > $1 ORDER BY a.name LIMIT $2
        """
    )
}
