package import Payments
package import PostgreSQL

/// Writes the books down in another format, in memory that does not grow with them.
///
/// Everything comes from one snapshot, by cursors, a page at a time. A period costs what lies in it, and a few steps for each account:
/// opening and closing balances are those that the books kept at these times; so an outside checker that adds up the period proves them.
package enum LedgerExport {
    private static let pageRows = 1000

    /// Exports what was posted within `period`, piece by piece to `output`.
    ///
    /// An entry that is being written at this moment is in or out as a whole; a period is final once nobody writes entries of its time.
    ///
    /// - Throws: `PostgresError`, `StorageError` when the books cannot be read, and whatever `output` throws. Nothing is repeated after an
    ///   error, because pieces are out already.
    package static func write<Format: JournalFormat>(
        _ format: Format.Type,
        _ period: ExportPeriod,
        now: Timestamp,
        on pool: ConnectionPool,
        to output: @Sendable (String) async throws -> Void
    ) async throws -> ExportCounts {
        try await pool.transaction(isolation: .repeatableRead, readOnly: true, retryLimit: 0) { transaction in
            let isWhole = period.from == nil && period.to == nil
            _ = try await transaction.pipeline((settings + (isWhole ? [] : [byIndexes])).map { Command($0) })
            let format = Format(try await heading(period, now: now, in: transaction))
            return try await write(format, period, in: transaction, to: output)
        }
    }

    private static func write(
        _ format: some JournalFormat,
        _ period: ExportPeriod,
        in transaction: Transaction,
        to output: @Sendable (String) async throws -> Void
    ) async throws -> ExportCounts {
        var counts = ExportCounts()
        var text = ""
        format.begin(into: &text)
        try await output(text)
        try await forEachPage(.accounts, [], in: transaction) { rows in
            var text = ""
            for row in rows { format.declare(try row.ledgerAccount(0), into: &text) }
            counts.accounts += rows.count
            try await output(text)
        }
        if let from = period.from {
            try await forEachPage(.openings, [.timestamp(from.microseconds)], in: transaction) { rows in
                var text = ""
                for row in rows { format.open(try row.exportedBalance(), into: &text) }
                try await output(text)
            }
        }
        try await forEachPage(.entries, bounds(of: period), in: transaction) { rows in
            var text = ""
            for entry in try await entries(rows, in: transaction) {
                format.append(entry, into: &text)
                counts.transfers += entry.transfers.count
            }
            counts.entries += rows.count
            try await output(text)
        }
        let ends: (cursor: LedgerExportSQL.Cursor, parameters: [Parameter]) =
            period.to.map { (.closings, [.timestamp($0.microseconds)]) } ?? (.standings, [])
        try await forEachPage(ends.cursor, ends.parameters, in: transaction) { rows in
            var text = ""
            for row in rows { format.close(try row.exportedBalance(), into: &text) }
            try await output(text)
        }
        text = ""
        format.end(counts, into: &text)
        try await output(text)
        return counts
    }

    private static func heading(_ period: ExportPeriod, now: Timestamp, in transaction: Transaction) async throws -> ExportHeading {
        // Where both ends are given, nobody has to look for them.
        let isBounded = period.from != nil && period.to != nil
        let commands = [Command(LedgerExportSQL.assets)] + (isBounded ? [] : [Command(LedgerExportSQL.extent, bounds(of: period))])
        let results = try await transaction.pipeline(commands)
        let extent = isBounded ? nil : results[1].rows.first
        return ExportHeading(
            period: period,
            assets: try results[0].rows.map { try $0.value(0, Asset.init(code:)) },
            firstPosted: try extent?.optionalInstant(0),
            lastPosted: try extent?.optionalInstant(1),
            now: now
        )
    }

    private static func bounds(of period: ExportPeriod) -> [Parameter] {
        [.optional(period.from) { .timestamp($0.microseconds) }, .optional(period.to) { .timestamp($0.microseconds) }]
    }

    /// Entries with their transfers, in the order of `rows`.
    private static func entries(_ rows: some Collection<Row>, in transaction: Transaction) async throws -> [ExportedEntry] {
        let ids = try rows.map { try $0.uuid(0) }
        var transfers: [UInt128: [Transfer]] = [:]
        for row in try await transaction.execute(LedgerExportSQL.transfers, [.uuids(ids)]).rows {
            let amount = try row.amount(1, asset: try row.value(2, Asset.init(code:)))
            let transfer = try Transfer(debit: try row.ledgerAccount(3), credit: try row.ledgerAccount(7), amount: amount)
            transfers[try row.uuid(0), default: []].append(transfer)
        }
        return try zip(ids, rows).map { id, row in
            ExportedEntry(
                id: EntryID(value: id),
                cause: EntryCause(try row.text(1)),
                kind: try row.value(2, EntryKind.init(rawValue:)),
                chargeID: try row.optionalIdentifier(3),
                occurredAt: try row.instant(4),
                postedAt: try row.instant(5),
                reason: try row.optionalText(6),
                exchangeRate: try row.exchangeRate(7),
                transfers: transfers[id] ?? []
            )
        }
    }

    /// Runs `body` on the rows behind a cursor, a page at a time.
    private static func forEachPage(
        _ cursor: LedgerExportSQL.Cursor,
        _ parameters: [Parameter],
        in transaction: Transaction,
        _ body: ([Row]) async throws -> Void
    ) async throws {
        _ = try await transaction.execute(cursor.declaration, parameters)
        while true {
            let rows = Array(try await transaction.execute(cursor.fetch(rows: pageRows)).rows)
            if !rows.isEmpty { try await body(rows) }
            if rows.count < pageRows { break }
        }
        _ = try await transaction.execute(cursor.close)
    }

    /// A reader may be slow, a large book takes its time, and a cursor is read to its end.
    private static let settings = [
        Statement("ledger_export_unbounded", "SET LOCAL statement_timeout = 0"),
        Statement("ledger_export_patient", "SET LOCAL idle_in_transaction_session_timeout = 0"),
        Statement("ledger_export_all_rows", "SET LOCAL cursor_tuple_fraction = 1"),
    ]

    /// A part of the book is found by its indexes, whatever the planner knows about it.
    private static let byIndexes = Statement("ledger_export_by_indexes", "SET LOCAL enable_seqscan = off")
}

extension Row {
    /// An account with its debits less its credits.
    fileprivate func exportedBalance() throws -> ExportedBalance {
        ExportedBalance(account: try ledgerAccount(0), debitsLessCredits: try numeric(4))
    }
}
