import PostgreSQL

/// The only place of the measurements that reads the inbox's tables.
struct InboxAccess: Sendable {
    let pool: ConnectionPool

    /// Waits until every stored webhook has been processed; asks so seldom and so cheaply that it costs the server nothing.
    func waitUntilProcessed() async throws {
        while try await pool.execute(InboxAccess.isAnyWaiting, []).rows.first?.bool(0) ?? false {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// How many webhooks wait to be processed.
    func waitingCount() async throws -> Int64 {
        try await pool.execute(InboxAccess.countWaiting, []).rows.first?.int64(0) ?? 0
    }

    /// How many charges have been paid.
    func paidCount() async throws -> Int64 {
        try await pool.execute(InboxAccess.countPaid, []).rows.first?.int64(0) ?? 0
    }

    /// PostgreSQL's own record of when each webhook's processing was committed, in milliseconds from its receipt.
    ///
    /// Tells of those received after `time`, in microseconds since 1970. The server must keep commit times.
    func millisecondsUntilCommit(since time: Int64) async throws -> [Double] {
        try await pool.execute(InboxAccess.commitTimes, [.timestamp(time)]).rows.map { Double(try $0.int64(0)) / 1000 }
    }

    private static let isAnyWaiting = Statement(
        "benchmark_is_any_waiting",
        "SELECT EXISTS (SELECT FROM webhook_event_queue)"
    )

    private static let countWaiting = Statement(
        "benchmark_count_waiting",
        "SELECT count(*) FROM webhook_event_queue"
    )

    private static let countPaid = Statement("benchmark_count_paid", "SELECT count(*) FROM charges WHERE status = 'succeeded'")

    private static let commitTimes = Statement(
        "benchmark_commit_times",
        """
        SELECT (extract(epoch FROM pg_xact_commit_timestamp(s.xmin) - e.received_at) * 1000000)::bigint
        FROM webhook_events e JOIN webhook_event_states s ON s.event_id = e.id WHERE e.received_at >= $1
        """
    )
}
