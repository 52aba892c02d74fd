import PostgreSQL

/// Reads tables on several connections as they all were at one moment.
struct SnapshotReading: Sendable {
    let pool: ConnectionPool
    /// The name of a snapshot that another connection exported and holds.
    let snapshot: String

    /// Reads all of some copies at the same time; `body` must read each to its end.
    func withStreams<Value: Sendable>(
        _ copies: [String],
        _ body: ([CopyStream]) async throws -> Value
    ) async throws -> Value {
        try await withStreams(copies[...], [], body)
    }

    private func withStreams<Value: Sendable>(
        _ copies: ArraySlice<String>,
        _ streams: [CopyStream],
        _ body: ([CopyStream]) async throws -> Value
    ) async throws -> Value {
        guard let copy = copies.first else { return try await body(streams) }
        return try await pool.withSession { session in
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '\(snapshot)'"
            _ = try await session.executeScript("\(begin); \(SnapshotReading.settings(for: copy))")
            let value = try await session.copyOut(copy) { stream in
                try await withStreams(copies.dropFirst(), streams + [stream], body)
            }
            _ = try await session.executeScript("COMMIT")
            return value
        }
    }

    /// How a transaction is set up that reads all of a table.
    static func settings(for copy: String) -> String {
        // What is sorted comes from an index: sorting millions of rows first would cost more than all the rest.
        let order = copy.contains("ORDER BY") ? "; SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off" : ""
        return """
            SET LOCAL synchronize_seqscans = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off;
            SET LOCAL enable_bitmapscan = off\(order)
            """
    }

    /// Reads one copy piece by piece.
    func forEachPiece(_ copy: String, _ body: ([UInt8]) throws -> Void) async throws {
        try await withStreams([copy]) { streams in
            while let piece = try await streams[0].next() { try body(piece) }
        }
    }

    /// Reads one copy row by row.
    func forEachRow(_ copy: String, columnCount: Int, _ body: (CopyRows) throws -> Void) async throws {
        var rows = CopyRows(columnCount: columnCount)
        try await forEachPiece(copy) { piece in
            rows.feed(piece)
            while try rows.next() { try body(rows) }
        }
    }
}
