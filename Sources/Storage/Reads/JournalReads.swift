package import Payments
package import PostgreSQL

/// An entry of the journal with everything that belongs to it.
package struct JournalEntryView: Sendable {
    package let id: EntryID
    package let cause: EntryCause
    package let kind: EntryKind
    package let phase: BookedPhase
    package let chargeID: ChargeID?
    /// For the end of a pending entry, the entry that it ends.
    package let pendingEntryID: EntryID?
    /// For a pending entry, the entry that ended it; nil while it is open.
    package let endedBy: EntryID?
    package let expiresAt: Timestamp?
    package let reason: String?
    package let exchangeRate: ExchangeRate?
    package let occurredAt: Timestamp
    package let postedAt: Timestamp
    /// The movements in their order.
    package fileprivate(set) var transfers: [Transfer]
}

/// What lists of entries may be narrowed by.
package struct JournalFilter: Sendable {
    package var cause: String?
    package var chargeID: ChargeID?
    /// Only what was posted at this time or later.
    package var from: Timestamp?
    /// Only what was posted before this time.
    package var to: Timestamp?

    /// Narrows nothing.
    package init() {}
}

/// The journal for those who look.
package enum JournalReads {
    /// One entry; nil when there is none.
    package static func entry(_ id: EntryID, on pool: ConnectionPool) async throws -> JournalEntryView? {
        try decode(try await pool.execute(selectEntry, [.uuid(id.value)])).first
    }

    /// Entries newest first, those before `after`.
    package static func list(
        _ filter: JournalFilter,
        after: EntryID?,
        limit: Int,
        on pool: ConnectionPool
    ) async throws -> [JournalEntryView] {
        let parameters: [Parameter] = [
            .optional(filter.cause) { .text($0) }, .optional(filter.chargeID) { .uuid($0.value) },
            .optional(filter.from) { .timestamp($0.microseconds) }, .optional(filter.to) { .timestamp($0.microseconds) },
            .uuid(firstID(since: filter.from)), .uuid(min(after?.value ?? .max, firstID(until: filter.to))), .int64(Int64(limit)),
        ]
        return try decode(try await pool.execute(statement(for: filter), parameters))
    }

    /// An entry's id and its time of posting are taken one right after the other; so ids find the time, with room to spare.
    private static let idMargin = Duration.seconds(3600)

    private static func firstID(since time: Timestamp?) -> UInt128 {
        time.map { lowestID(at: $0.advanced(by: .zero - idMargin)) } ?? 0
    }

    private static func firstID(until time: Timestamp?) -> UInt128 {
        time.map { lowestID(at: $0.advanced(by: idMargin)) } ?? .max
    }

    /// The first 48 bits of an id are its milliseconds.
    private static func lowestID(at time: Timestamp) -> UInt128 {
        UInt128(min(UInt64(max(0, time.microseconds) / 1000), 0xFFFF_FFFF_FFFF)) << 80
    }

    private static func decode(_ result: QueryResult) throws -> [JournalEntryView] {
        var entries: [JournalEntryView] = []
        for row in result.rows {
            let debit = try row.ledgerAccount(12)
            let transfer = try Transfer(debit: debit, credit: try row.ledgerAccount(16), amount: try row.amount(20, asset: debit.asset))
            let id: EntryID = try row.identifier(0)
            if entries.last?.id == id {
                entries[entries.count - 1].transfers.append(transfer)
            } else {
                entries.append(try entry(id, row, transfer))
            }
        }
        return entries
    }

    private static func entry(_ id: EntryID, _ row: Row, _ transfer: Transfer) throws -> JournalEntryView {
        JournalEntryView(
            id: id,
            cause: EntryCause(try row.text(1)),
            kind: try row.value(2, EntryKind.init(rawValue:)),
            phase: try row.value(3, BookedPhase.init(rawValue:)),
            chargeID: try row.optionalIdentifier(4),
            pendingEntryID: try row.optionalIdentifier(5),
            endedBy: try row.optionalIdentifier(6),
            expiresAt: try row.optionalInstant(7),
            reason: try row.optionalText(8),
            exchangeRate: try row.exchangeRate(9),
            occurredAt: try row.instant(10),
            postedAt: try row.instant(11),
            transfers: [transfer]
        )
    }

    private static func select(_ entries: String) -> String {
        """
        SELECT e.id, e.cause, e.kind, e.phase, e.charge_id, e.pending_entry_id, n.id, e.expires_at, e.reason, e.exchange_rate,
            e.occurred_at, e.posted_at, d.name, d.asset, d.class, d.rule, c.name, c.asset, c.class, c.rule, t.amount
        FROM \(entries) e LEFT JOIN journal_entries n ON n.pending_entry_id = e.id
            JOIN transfers t ON t.entry_id = e.id
            JOIN ledger_accounts d ON d.id = t.debit_account_id JOIN ledger_accounts c ON c.id = t.credit_account_id
        ORDER BY e.id DESC, t.ordinal
        """
    }

    private static let selectEntry = Statement("journal_entry", select("(SELECT * FROM journal_entries WHERE id = $1)"))

    /// One statement for each set of filters, so that each is planned for itself.
    private static func statement(for filter: JournalFilter) -> Statement {
        let isByCause = filter.cause != nil
        let isByCharge = filter.chargeID != nil
        let conditions = [isByCause ? "cause = $1" : "$1::text IS NULL", isByCharge ? "charge_id = $2" : "$2::uuid IS NULL"]
        return Statement(
            "journal_list_\(isByCause)_\(isByCharge)",
            select(
                """
                (
                    SELECT * FROM journal_entries
                    WHERE \(conditions.joined(separator: " AND ")) AND id >= $5::uuid AND id < $6::uuid
                        AND ($3::timestamptz IS NULL OR posted_at >= $3) AND ($4::timestamptz IS NULL OR posted_at < $4)
                    ORDER BY id DESC LIMIT $7
                )
                """
            )
        )
    }
}
