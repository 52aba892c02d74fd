package import Payments
package import PostgreSQL

/// Journal entries that are asked for by hand, and the decisions about them; both are written once.
package enum ManualEntryStore {
    /// Writes what is asked for.
    package static func insert(_ entry: ManualEntry) -> [Command] {
        let debits = entry.transfers.map(\.debit)
        let credits = entry.transfers.map(\.credit)
        return [
            Command(
                insertEntry,
                [
                    .uuid(entry.id.value), .uuid(entry.requestedBy.value), .timestamp(entry.requestedAt.microseconds),
                    .timestamp(entry.occurredAt.microseconds), .text(entry.reason),
                ]
            ),
            Command(
                insertTransfers,
                [
                    .uuid(entry.id.value), .int32s(entry.transfers.indices.map { Int32($0) }),
                    .texts(debits.map(\.name.text)), .texts(debits.map(\.kind.rawValue)), .texts(debits.map(\.rule.rawValue)),
                    .texts(credits.map(\.name.text)), .texts(credits.map(\.kind.rawValue)), .texts(credits.map(\.rule.rawValue)),
                    .texts(entry.transfers.map(\.amount.asset.code)), .numerics(entry.transfers.map(\.amount.minorUnits)),
                ]
            ),
        ]
    }

    /// Writes a decision; the database refuses a second one, and one by the requester.
    package static func insert(_ decision: ManualEntryDecision, about entry: ManualEntry) -> Command {
        var entryID: EntryID?
        if case .approved(let id) = decision.outcome { entryID = id }
        return Command(
            insertDecision,
            [
                .uuid(entry.id.value), .uuid(entry.requestedBy.value), .uuid(decision.decidedBy.value),
                .text(entryID == nil ? "rejected" : "approved"), .optional(entryID) { .uuid($0.value) },
                .optional(decision.reason) { .text($0) }, .timestamp(decision.decidedAt.microseconds),
            ]
        )
    }

    /// Reads one entry with its decision.
    package static func find(_ id: ManualEntryID) -> Command {
        Command(selectEntry, [.uuid(id.value)])
    }

    /// Entries newest first, those before `after`.
    package static func list(
        status: ManualEntryStatus?,
        after: ManualEntryID?,
        limit: Int,
        on pool: ConnectionPool
    ) async throws -> [ManualEntry] {
        let parameters: [Parameter] = [
            .optional(status) { .text($0.rawValue) }, .optional(after) { .uuid($0.value) }, .int64(Int64(limit)),
        ]
        return try decode(try await pool.execute(selectEntries, parameters))
    }

    /// Reads entries; a row for each transfer.
    package static func decode(_ result: QueryResult) throws -> [ManualEntry] {
        var entries: [ManualEntry] = []
        var start = 0
        while start < result.rowCount {
            let id = try result[start].uuid(0)
            var end = start
            var transfers: [Transfer] = []
            while end < result.rowCount, try result[end].uuid(0) == id {
                transfers.append(try transfer(result[end]))
                end += 1
            }
            let entry = ManualEntry(
                id: ManualEntryID(value: id),
                requestedBy: try result[start].identifier(1),
                requestedAt: try result[start].instant(2),
                occurredAt: try result[start].instant(3),
                reason: try result[start].text(4),
                transfers: transfers,
                decision: try decision(result[start])
            )
            if let entry { entries.append(entry) }
            start = end
        }
        return entries
    }

    private static func transfer(_ row: Row) throws -> Transfer {
        let debit = try row.ledgerAccount(10)
        return try Transfer(debit: debit, credit: try row.ledgerAccount(14), amount: try row.amount(9, asset: debit.asset))
    }

    private static func decision(_ row: Row) throws -> ManualEntryDecision? {
        guard let decidedBy: APIKeyID = try row.optionalIdentifier(5) else { return nil }
        let entryID: EntryID? = try row.optionalIdentifier(6)
        return ManualEntryDecision(
            outcome: entryID.map { .approved($0) } ?? .rejected,
            decidedBy: decidedBy,
            decidedAt: try row.instant(8),
            reason: try row.optionalText(7)
        )
    }

    private static let insertEntry = Statement(
        "manual_entry_insert",
        "INSERT INTO manual_entries (id, requested_by, requested_at, occurred_at, reason) VALUES ($1, $2, $3, $4, $5)"
    )

    private static let insertTransfers = Statement(
        "manual_entry_insert_transfers",
        """
        INSERT INTO manual_entry_transfers (manual_entry_id, ordinal, debit_account, debit_class, debit_rule, credit_account, credit_class,
            credit_rule, asset, amount)
        SELECT $1, d.* FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::numeric[]) AS d
        """
    )

    private static let insertDecision = Statement(
        "manual_entry_decide",
        """
        INSERT INTO manual_entry_decisions (manual_entry_id, requested_by, decided_by, decision, entry_id, reason, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    )

    private static func select(_ entries: String) -> String {
        """
        SELECT m.id, m.requested_by, m.requested_at, m.occurred_at, m.reason, m.decided_by, m.entry_id, m.decision_reason, m.decided_at,
            t.amount, t.debit_account, t.asset, t.debit_class, t.debit_rule, t.credit_account, t.asset, t.credit_class, t.credit_rule
        FROM (
            SELECT m.*, d.decided_by, d.entry_id, d.reason AS decision_reason, d.decided_at
            FROM manual_entries m LEFT JOIN manual_entry_decisions d ON d.manual_entry_id = m.id \(entries)
        ) m JOIN manual_entry_transfers t ON t.manual_entry_id = m.id
        ORDER BY m.id DESC, t.ordinal
        """
    }

    private static let selectEntry = Statement("manual_entry_one", select("WHERE m.id = $1"))

    private static let selectEntries = Statement(
        "manual_entry_list",
        select(
            """
            WHERE ($1::text IS NULL OR coalesce(d.decision, 'requires_approval') = $1) AND ($2::uuid IS NULL OR m.id < $2)
            ORDER BY m.id DESC LIMIT $3
            """
        )
    )
}
