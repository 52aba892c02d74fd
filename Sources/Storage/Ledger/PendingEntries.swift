package import Payments
package import PostgreSQL

/// Pending entries as they are found again.
package enum PendingEntries {
    /// Holds open entries, so that nobody else ends them before this transaction has ended.
    static func lock(_ causes: [EntryCause]) -> Command {
        Command(lockOpen, [.texts(causes.map(\.text))])
    }

    /// Looks pending entries up by their causes.
    static func find(_ causes: [EntryCause]) -> Command {
        Command(findPending, [.texts(causes.map(\.text))])
    }

    /// Reads what `find` found; a row for each transfer.
    static func decode(_ result: QueryResult) throws -> [EntryCause: PendingEntry] {
        var found: [EntryCause: PendingEntry] = [:]
        for row in result.rows {
            let cause = EntryCause(try row.text(0))
            found[cause] = PendingEntry(
                id: try row.identifier(1),
                transfers: (found[cause]?.transfers ?? []) + [try transfer(row)],
                chargeID: try row.optionalIdentifier(2),
                expiresAt: try row.optionalInstant(3),
                isResolved: try row.bool(4)
            )
        }
        return found
    }

    /// The causes of open entries whose time is over, the longest first.
    package static func overdue(at now: Timestamp, limit: Int) -> Command {
        Command(findOverdue, [.timestamp(now.microseconds), .int64(Int64(limit))])
    }

    /// Reads what `overdue` found.
    package static func decodeOverdue(_ result: QueryResult) throws -> [(cause: EntryCause, kind: EntryKind, expiresAt: Timestamp)] {
        try result.rows.map { (EntryCause(try $0.text(0)), try $0.value(1, EntryKind.init(rawValue:)), try $0.instant(2)) }
    }

    private static func transfer(_ row: Row) throws -> Transfer {
        let debit = try row.ledgerAccount(6)
        return try Transfer(debit: debit, credit: try row.ledgerAccount(10), amount: try row.amount(5, asset: debit.asset))
    }

    private static let lockOpen = Statement(
        "ledger_lock_open_entries",
        """
        SELECT FROM ledger_open_entries WHERE entry_id IN (SELECT id FROM journal_entries WHERE cause = ANY($1::text[]))
        ORDER BY entry_id FOR UPDATE
        """
    )

    private static let findPending = Statement(
        "ledger_find_pending",
        """
        SELECT e.cause, e.id, e.charge_id, e.expires_at, NOT EXISTS (SELECT FROM ledger_open_entries o WHERE o.entry_id = e.id),
            t.amount, d.name, d.asset, d.class, d.rule, c.name, c.asset, c.class, c.rule
        FROM journal_entries e JOIN transfers t ON t.entry_id = e.id
            JOIN ledger_accounts d ON d.id = t.debit_account_id JOIN ledger_accounts c ON c.id = t.credit_account_id
        WHERE e.cause = ANY($1::text[]) AND e.phase = 'pending' ORDER BY e.id, t.ordinal
        """
    )

    private static let findOverdue = Statement(
        "ledger_find_overdue",
        """
        SELECT e.cause, e.kind, o.expires_at FROM ledger_open_entries o JOIN journal_entries e ON e.id = o.entry_id
        WHERE o.expires_at <= $1 ORDER BY o.expires_at, o.entry_id LIMIT $2
        """
    )
}
