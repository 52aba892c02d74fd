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

    /// Every account with its debits less its credits over all entries that were posted before `time`, an SQL expression that is not null.
    ///
    /// The kept balance of that time is found by halving. A version is not older than the one before it, so an entry whose gateway was
    /// slow, or its clock, may stand in a version that looks younger than the entry; such versions repeat the time of the one before, and
    /// what their entries did is added. No commit takes an hour.
    fileprivate static func standings(before time: String) -> String {
        """
        SELECT a.name, a.asset, a.class, a.rule, coalesce(b.debits_posted - b.credits_posted, 0) + coalesce(late.balance, 0) AS balance
        FROM ledger_accounts a
            LEFT JOIN LATERAL (
                SELECT version, posted_at FROM ledger_balances WHERE account_id = a.id ORDER BY version DESC LIMIT 1
            ) AS last ON true
            LEFT JOIN LATERAL (SELECT
                CASE WHEN last.posted_at < \(time) THEN last.version
                    ELSE \(BalanceVersions.last(of: "a.id", at: "(\(time) - interval '1 microsecond')")) END AS low,
                CASE WHEN last.posted_at < \(time) THEN last.version
                    ELSE \(BalanceVersions.last(of: "a.id", at: "(\(time) + interval '1 hour')")) END AS high
                OFFSET 0
            ) AS bounds ON true
            LEFT JOIN ledger_balances b ON b.account_id = a.id AND b.version = bounds.low
            LEFT JOIN LATERAL (
                SELECT sum(CASE WHEN t.debit_account_id = a.id THEN t.amount ELSE -t.amount END) AS balance
                FROM ledger_balances v JOIN ledger_balances p ON p.account_id = a.id AND p.version = v.version - 1
                    CROSS JOIN LATERAL unnest(v.entry_ids) AS u(entry_id) JOIN journal_entries e ON e.id = u.entry_id
                    JOIN transfers t ON t.entry_id = e.id AND a.id IN (t.debit_account_id, t.credit_account_id)
                WHERE v.account_id = a.id AND v.version > bounds.low AND v.version <= bounds.high AND v.posted_at = p.posted_at
                    AND e.posted_at < \(time) AND e.\(moved)
            ) AS late ON bounds.low < bounds.high
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
        "SELECT * FROM (\(LedgerExportSQL.standings(before: "$1"))) AS s WHERE s.balance <> 0 ORDER BY name"
    )

    /// The balances of all accounts at the end of the period.
    static let closings = Self("closings", "\(LedgerExportSQL.standings(before: "$1")) ORDER BY name")

    /// The balances of all accounts as they are now.
    static let standings = Self(
        "standings",
        """
        SELECT a.name, a.asset, a.class, a.rule, coalesce(b.debits_posted - b.credits_posted, 0)
        FROM ledger_accounts a
            LEFT JOIN LATERAL (SELECT * FROM ledger_balances WHERE account_id = a.id ORDER BY version DESC LIMIT 1) b ON true
        ORDER BY a.name
        """
    )
}
