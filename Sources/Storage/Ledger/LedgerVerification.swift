package import PostgreSQL

/// What a verification of the books found.
package struct LedgerVerificationReport: Sendable {
    /// A sentence for each thing that is wrong; empty when the books are right.
    package let issues: [String]
    package let entryCount: Int64
    package let transferCount: Int64
    package let accountCount: Int64
}

/// Recomputes the books from their transfers and compares.
package enum LedgerVerification {
    private struct Check {
        let title: String
        let statement: Statement
    }

    /// Runs every check in one snapshot and names what is wrong, at most a hundred of each kind.
    package static func verify(
        on pool: ConnectionPool,
        progress: @escaping @Sendable (String) -> Void
    ) async throws -> LedgerVerificationReport {
        try await pool.transaction(isolation: .repeatableRead, readOnly: true) { transaction in
            _ = try await transaction.execute(Statement("ledger_verify_unbounded", "SET LOCAL statement_timeout = 0"))
            var issues: [String] = []
            for check in checks {
                progress("checking that \(check.title)")
                issues += try await transaction.execute(check.statement).rows.map { "not true that \(check.title): \(try $0.text(0))" }
            }
            let counts = try await transaction.execute(countRows)[0]
            return LedgerVerificationReport(
                issues: issues,
                entryCount: try counts.int64(0),
                transferCount: try counts.int64(1),
                accountCount: try counts.int64(2)
            )
        }
    }

    private static let countRows = Statement(
        "ledger_verify_counts",
        "SELECT (SELECT count(*) FROM journal_entries), (SELECT count(*) FROM transfers), (SELECT count(*) FROM ledger_accounts)"
    )

    private static let checks = [
        Check(
            title: "every balance is the sum of its transfers",
            statement: Statement(
                "ledger_verify_balances",
                """
                WITH moved AS (
                    SELECT t.* FROM transfers t JOIN journal_entries e ON e.id = t.entry_id WHERE e.phase IN ('posted', 'post')
                ), sides AS (
                    SELECT debit_account_id AS account_id, amount AS debit, 0::numeric AS credit FROM moved
                    UNION ALL SELECT credit_account_id, 0, amount FROM moved
                ), sums AS (SELECT account_id, sum(debit) AS debits, sum(credit) AS credits FROM sides GROUP BY account_id),
                last AS (SELECT DISTINCT ON (account_id) * FROM ledger_balances ORDER BY account_id, version DESC)
                SELECT coalesce(a.name, s.account_id::text, b.account_id::text) || ' has debits ' || coalesce(b.debits_posted, 0)
                    || ' and credits ' || coalesce(b.credits_posted, 0) || ', its transfers ' || coalesce(s.debits, 0) || ' and '
                    || coalesce(s.credits, 0)
                FROM sums s FULL JOIN last b ON b.account_id = s.account_id
                    LEFT JOIN ledger_accounts a ON a.id = coalesce(s.account_id, b.account_id)
                WHERE coalesce(b.debits_posted, 0) <> coalesce(s.debits, 0) OR coalesce(b.credits_posted, 0) <> coalesce(s.credits, 0)
                LIMIT 100
                """
            )
        ),
        Check(
            title: "debits equal credits for every asset",
            statement: Statement(
                "ledger_verify_assets",
                """
                WITH last AS (SELECT DISTINCT ON (account_id) * FROM ledger_balances ORDER BY account_id, version DESC)
                SELECT a.asset || ' has debits ' || sum(b.debits_posted) || ' and credits ' || sum(b.credits_posted)
                FROM last b JOIN ledger_accounts a ON a.id = b.account_id
                GROUP BY a.asset HAVING sum(b.debits_posted) <> sum(b.credits_posted)
                """
            )
        ),
        Check(
            title: "every entry has transfers",
            statement: Statement(
                "ledger_verify_entries",
                """
                SELECT 'entry ' || e.id || ' of ' || e.cause FROM journal_entries e
                WHERE NOT EXISTS (SELECT FROM transfers t WHERE t.entry_id = e.id) LIMIT 100
                """
            )
        ),
        Check(
            title: "every transfer belongs to an entry and moves the asset of both its accounts",
            statement: Statement(
                "ledger_verify_transfers",
                """
                SELECT 'transfer ' || t.ordinal || ' of entry ' || t.entry_id FROM transfers t
                    LEFT JOIN journal_entries e ON e.id = t.entry_id
                    LEFT JOIN ledger_accounts d ON d.id = t.debit_account_id AND d.asset = t.asset
                    LEFT JOIN ledger_accounts c ON c.id = t.credit_account_id AND c.asset = t.asset
                WHERE e.id IS NULL OR d.id IS NULL OR c.id IS NULL LIMIT 100
                """
            )
        ),
        Check(
            title: "every charge's captured amount is what the books say",
            statement: Statement(
                "ledger_verify_charges",
                """
                SELECT 'charge ' || c.id || ' says ' || c.amount_captured || ', the books ' || coalesce(b.amount, 0)
                FROM charges c LEFT JOIN (
                    SELECT e.charge_id, sum(t.amount) AS amount FROM journal_entries e JOIN transfers t ON t.entry_id = e.id
                    WHERE e.kind = 'capture' GROUP BY e.charge_id) AS b ON b.charge_id = c.id
                WHERE c.amount_captured <> coalesce(b.amount, 0) LIMIT 100
                """
            )
        ),
    ]
}
