package import Payments
package import PostgreSQL

/// A provider's event and what became of it.
package struct WebhookEventView: Sendable {
    package let id: WebhookEventID
    package let provider: ProviderName
    package let eventID: String
    package let eventType: String
    package let receivedAt: Timestamp
    package let status: InboxStatus
    package let attempts: Int
    package let detail: String?
    package let chargeID: ChargeID?
    package let processedAt: Timestamp?
    /// As received; empty in lists.
    package let body: [UInt8]
}

/// What providers sent, for those who look.
package enum WebhookEventReads {
    /// Events newest first, those before `after`, without their bodies.
    package static func list(
        status: InboxStatus?,
        after: WebhookEventID?,
        limit: Int,
        on pool: ConnectionPool
    ) async throws -> [WebhookEventView] {
        let parameters: [Parameter] = [
            .optional(status) { .text($0.rawValue) }, .optional(after) { .uuid($0.value) }, .int64(Int64(limit)),
        ]
        return try await pool.execute(selectEvents, parameters).rows.map(view)
    }

    /// One event with its body.
    package static func event(_ id: WebhookEventID, on pool: ConnectionPool) async throws -> WebhookEventView? {
        try await pool.execute(selectEvent, [.uuid(id.value)]).rows.first.map(view)
    }

    private static func view(_ row: Row) throws -> WebhookEventView {
        WebhookEventView(
            id: try row.identifier(0),
            provider: ProviderName(try row.text(1)),
            eventID: try row.text(2),
            eventType: try row.text(3),
            receivedAt: try row.instant(4),
            status: try row.value(5, InboxStatus.init(rawValue:)),
            attempts: Int(try row.int32(6)),
            detail: try row.optionalText(7),
            chargeID: try row.optionalIdentifier(8),
            processedAt: try row.optionalInstant(9),
            body: try row.bytes(10)
        )
    }

    private static let columns = """
        e.id, e.provider, e.event_id, e.event_type, e.received_at, \(status), coalesce(q.attempts, s.attempts),
        coalesce(q.detail, s.detail), s.charge_id, s.processed_at
        """

    /// An event is in the queue or has a state; one that is replayed has both for a while.
    private static let status = "CASE WHEN q.event_id IS NULL THEN s.status ELSE 'received' END"

    private static let tables = """
        webhook_events e LEFT JOIN webhook_event_states s ON s.event_id = e.id LEFT JOIN webhook_event_queue q ON q.event_id = e.id
        """

    private static let selectEvents = Statement(
        "webhook_events_list",
        """
        SELECT \(columns), ''::bytea FROM \(tables)
        WHERE ($1::text IS NULL OR \(status) = $1) AND ($2::uuid IS NULL OR e.id < $2)
        ORDER BY e.id DESC LIMIT $3
        """
    )

    private static let selectEvent = Statement(
        "webhook_events_one",
        "SELECT \(columns), e.body FROM \(tables) WHERE e.id = $1"
    )
}
