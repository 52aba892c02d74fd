package import Payments
package import PostgreSQL

/// An account with what stands on it.
package struct AccountStanding: Sendable {
    package let account: LedgerAccount
    package let sides: AccountBalance
    package let isClosed: Bool

    /// What is reserved to leave the account.
    package var held: Amount { Amount(minorUnits: sides.held(of: account.kind), asset: account.asset) }
    /// What is announced to come.
    package var incoming: Amount { Amount(minorUnits: sides.incoming(of: account.kind), asset: account.asset) }
    /// What may still be used.
    package var available: Amount { Amount(minorUnits: sides.available(of: account.kind), asset: account.asset) }
    /// The debits that are pending.
    package var debitsPending: Amount { Amount(minorUnits: sides.debitsPending, asset: account.asset) }
    /// The credits that are pending.
    package var creditsPending: Amount { Amount(minorUnits: sides.creditsPending, asset: account.asset) }
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

    /// One account as it stands now, or as it stood at a time; nil when there is none of that name.
    package static func account(_ name: AccountName, at time: Timestamp?, on pool: ConnectionPool) async throws -> AccountStanding? {
        guard let time else { return try await accounts(named: [name], on: pool).first }
        return try standings(try await pool.execute(selectAccountAtTime, [.text(name.text), .timestamp(time.microseconds)])).first
    }

    /// The accounts of these names that are there, as they stand now, in the order of their names.
    package static func accounts(named names: [AccountName], on pool: ConnectionPool) async throws -> [AccountStanding] {
        try standings(try await pool.execute(selectNamedAccounts, [.texts(names.map(\.text))]))
    }

    /// All accounts and their sums, as of one instant: now, or a time in the past.
    ///
    /// The last moments may still change, for what is being committed carries the time at which it began.
    package static func trialBalance(at time: Timestamp? = nil, on pool: ConnectionPool) async throws -> TrialBalance {
        guard let time else { return try TrialBalance(try await accounts(after: nil, limit: Int(Int32.max), on: pool)) }
        let end = time.advanced(by: clockDifferenceMax)
        let parameters: [Parameter] = [.timestamp(time.microseconds), .timestamp(end.microseconds)]
        return try TrialBalance(try standings(try await pool.execute(selectAllAtTime, parameters)))
    }

    // Not inlined: the compiler's optimiser (6.3.1) crashes when it is split into an asynchronous function.
    @inline(never)
    private static func standings(_ result: QueryResult) throws -> [AccountStanding] {
        try result.rows.map { row in
            AccountStanding(account: try row.ledgerAccount(0), sides: try row.accountBalance(5), isClosed: try row.bool(4))
        }
    }

    private static let account = "a.name, a.asset, a.class, a.rule"

    private static let sides = """
        coalesce(b.debits_posted, 0), coalesce(b.credits_posted, 0), coalesce(b.debits_pending, 0), coalesce(b.credits_pending, 0)
        """

    private static let present = """
        SELECT \(account), a.closed_at IS NOT NULL, \(sides)
        FROM ledger_accounts a LEFT JOIN LATERAL (
            SELECT * FROM ledger_balances WHERE account_id = a.id ORDER BY version DESC LIMIT 1
        ) b ON true
        """

    private static let selectAccounts = Statement(
        "ledger_list_accounts",
        "\(present) WHERE $1::text IS NULL OR a.name > $1 ORDER BY a.name LIMIT $2"
    )

    private static let selectNamedAccounts = Statement(
        "ledger_named_accounts",
        "\(present) WHERE a.name = ANY($1::text[]) ORDER BY a.name"
    )

    private static let selectAccountAtTime = Statement(
        "ledger_account_at_time",
        """
        SELECT \(account), coalesce(a.closed_at <= $2, false), \(sides)
        FROM ledger_accounts a
            LEFT JOIN ledger_balances b ON b.account_id = a.id AND b.version = \(BalanceVersions.last(of: "a.id", at: "$2"))
        WHERE a.name = $1
        """
    )

    /// How far the clocks of two writers may lie apart, with the time that a commit takes.
    private static let clockDifferenceMax = Duration.seconds(60)

    /// Only the accounts that were there.
    ///
    /// The times of an account's balances never go back, so a commit whose writer's clock is a little behind is dated later on a busy
    /// account than on a quiet one. The sums of all accounts are equal only if each commit counts as a whole; so balances that are dated
    /// after the time count when their entries were posted before it.
    private static let selectAllAtTime = Statement(
        "ledger_all_at_time",
        """
        SELECT \(account), coalesce(a.closed_at <= $1, false),
            coalesce(b.debits_posted, 0) + late.debits_posted, coalesce(b.credits_posted, 0) + late.credits_posted,
            coalesce(b.debits_pending, 0) + late.debits_pending, coalesce(b.credits_pending, 0) + late.credits_pending
        FROM ledger_accounts a
            CROSS JOIN LATERAL (SELECT \(BalanceVersions.last(of: "a.id", at: "$1")) AS version) l
            LEFT JOIN ledger_balances b ON b.account_id = a.id AND b.version = l.version
            CROSS JOIN LATERAL (
                SELECT count(*) AS count, coalesce(sum(v.debits_posted - u.debits_posted), 0) AS debits_posted,
                    coalesce(sum(v.credits_posted - u.credits_posted), 0) AS credits_posted,
                    coalesce(sum(v.debits_pending - u.debits_pending), 0) AS debits_pending,
                    coalesce(sum(v.credits_pending - u.credits_pending), 0) AS credits_pending
                FROM ledger_balances v JOIN ledger_balances u ON u.account_id = v.account_id AND u.version = v.version - 1
                    JOIN journal_entries e ON e.id = v.entry_ids[1]
                WHERE v.account_id = a.id AND v.version > l.version AND v.version <= \(BalanceVersions.last(of: "a.id", at: "$2"))
                    AND v.posted_at = u.posted_at AND e.posted_at <= $1
            ) late
        WHERE l.version > 0 OR late.count > 0
        ORDER BY a.name
        """
    )
}
