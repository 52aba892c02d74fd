import PostgreSQL

/// What an export asks the database.
enum LedgerExportSQL {
    /// A cursor of the server; its name is part of its statements' names.
    struct Cursor {
        let name: String
        let declaration: Statement

        init(_ name: String, _ query: String) {
            self.name = "ledger_export_\(name)"
            declaration = Statement("ledger_export_declare_\(name)", "DECLARE ledger_export_\(name) NO SCROLL CURSOR FOR \(query)")
        }

        func fetch(rows: Int) -> Statement {
            Statement("fetch_\(rows)_\(name)", "FETCH \(rows) FROM \(name)")
        }

        var close: Statement { Statement("close_\(name)", "CLOSE \(name)") }
    }

    /// The first and the last time of posting within a period.
    static let extent = Statement(
        "ledger_export_extent",
        "SELECT min(posted_at), max(posted_at) FROM journal_entries WHERE \(within) AND \(moved)"
    )

    static let assets = Statement("ledger_export_assets", "SELECT DISTINCT asset FROM ledger_accounts")

    static let transfers = Statement(
        "ledger_export_transfers",
        """
        SELECT t.entry_id, t.amount, t.asset, d.name, d.asset, d.class, d.rule, c.name, c.asset, c.class, c.rule
        FROM transfers t
            LEFT JOIN ledger_accounts d ON d.id = t.debit_account_id
            LEFT JOIN ledger_accounts c ON c.id = t.credit_account_id
        WHERE t.entry_id = ANY($1::uuid[]) ORDER BY t.entry_id, t.ordinal
        """
    )

    fileprivate static let within = "($1::timestamptz IS NULL OR posted_at >= $1) AND ($2::timestamptz IS NULL OR posted_at < $2)"

    /// Entries that only reserve or release money move nothing.
    fileprivate static let moved = "phase IN ('posted', 'post')"

    /// Debits less credits by account over the transfers of the entries that fulfil a condition.
    fileprivate static func sums(where condition: String) -> String {
        """
        (SELECT side.account_id, sum(side.amount) AS balance
        FROM journal_entries e JOIN transfers t ON t.entry_id = e.id
            CROSS JOIN LATERAL (VALUES (t.debit_account_id, t.amount), (t.credit_account_id, -t.amount)) AS side(account_id, amount)
        WHERE \(condition) AND e.\(moved) GROUP BY side.account_id)
        """
    }
}

extension LedgerExportSQL.Cursor {
    static let accounts = Self("accounts", "SELECT name, asset, class, rule FROM ledger_accounts ORDER BY name")

    static let entries = Self(
        "entries",
        """
        SELECT id, cause, kind, charge_id, occurred_at, posted_at, reason, exchange_rate FROM journal_entries
        WHERE \(LedgerExportSQL.within) AND \(LedgerExportSQL.moved) ORDER BY posted_at, id
        """
    )

    /// Balances before the period, where they are not zero.
    static let openings = Self(
        "openings",
        """
        SELECT a.name, a.asset, a.class, a.rule, s.balance
        FROM \(LedgerExportSQL.sums(where: "e.posted_at < $1")) AS s LEFT JOIN ledger_accounts a ON a.id = s.account_id
        WHERE s.balance <> 0 ORDER BY a.name
        """
    )

    /// The kept balances of all accounts, less what came after the period.
    static let closings = Self(
        "closings",
        """
        SELECT a.name, a.asset, a.class, a.rule, coalesce(b.debits_posted - b.credits_posted, 0) - coalesce(s.balance, 0)
        FROM ledger_accounts a
            LEFT JOIN LATERAL (SELECT * FROM ledger_balances WHERE account_id = a.id ORDER BY version DESC LIMIT 1) b ON true
            LEFT JOIN \(LedgerExportSQL.sums(where: "$1::timestamptz IS NOT NULL AND e.posted_at >= $1")) AS s ON s.account_id = a.id
        ORDER BY a.name
        """
    )
}
