import PostgreSQL

/// PostgreSQL's own record of when a transaction was committed, compared with when its webhook was received.
struct CommitTimes {
    let database: BenchmarkDatabase

    /// How many webhooks there are up to now.
    func mark() async throws -> Int64 {
        let statement = Statement("benchmark_mark", "SELECT count(*) FROM webhook_events")
        return try await database.pool.execute(statement, []).rows.first?.int64(0) ?? 0
    }

    /// For every event after a mark, the milliseconds from its receipt to the commit of all that followed from it.
    func milliseconds(since mark: Int64) async throws -> [Double] {
        let statement = Statement(
            "benchmark_commit_times",
            """
            SELECT (extract(epoch FROM pg_xact_commit_timestamp(s.xmin) - e.received_at) * 1000000)::bigint
            FROM (SELECT id, received_at FROM webhook_events ORDER BY received_at, id OFFSET $1) e
            JOIN webhook_event_states s ON s.event_id = e.id
            """
        )
        let result = try await database.pool.execute(statement, [.int64(mark)])
        return try result.rows.map { Double(try $0.int64(0)) / 1000 }
    }
}
