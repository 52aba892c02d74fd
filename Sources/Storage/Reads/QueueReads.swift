package import Payments
package import PostgreSQL

/// How much waits in the queues, and how long the oldest of it.
package struct QueueDepths: Sendable, Hashable {
    package let inboxWaiting: Int64
    package let inboxOldestSeconds: Int64
    package let outboxWaiting: Int64
    package let outboxOldestSeconds: Int64
    package let outboxDead: Int64
    package let providerCallsWaiting: Int64
}

/// The queues for those who watch.
package enum QueueReads {
    /// Reads all queues.
    package static func depths(at now: Timestamp, on pool: ConnectionPool) async throws -> QueueDepths {
        let row = try await pool.execute(select, [.timestamp(now.microseconds)])[0]
        return QueueDepths(
            inboxWaiting: try row.int64(0),
            inboxOldestSeconds: try row.int64(1),
            outboxWaiting: try row.int64(2),
            outboxOldestSeconds: try row.int64(3),
            outboxDead: try row.int64(4),
            providerCallsWaiting: try row.int64(5)
        )
    }

    private static let select = Statement(
        "queue_depths",
        """
        SELECT i.waiting, i.oldest, o.waiting, o.oldest, (SELECT count(*) FROM notification_deliveries WHERE status = 'dead'),
            (SELECT count(*) FROM provider_calls WHERE state = 'pending')
        FROM (SELECT count(*) AS waiting, coalesce(extract(epoch FROM $1 - min(e.received_at))::bigint, 0) AS oldest
                FROM webhook_event_queue q JOIN webhook_events e ON e.id = q.event_id) AS i,
            (SELECT count(*) AS waiting, coalesce(extract(epoch FROM $1 - min(n.created_at))::bigint, 0) AS oldest
                FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id WHERE d.status = 'pending') AS o
        """
    )
}
