package import Payments
package import PostgreSQL

/// How far the delivery of a notification is.
package enum DeliveryStatus: String, Sendable, Hashable, CaseIterable {
    case pending
    case delivered
    case dead
}

/// A notification and how far its delivery is.
package struct NotificationView: Sendable {
    package let id: NotificationID
    package let type: String
    package let orderingKey: String
    package let createdAt: Timestamp
    package let status: DeliveryStatus
    package let attempts: Int
    package let nextAttemptAt: Timestamp
    package let lastStatus: Int?
    package let lastError: String?
    package let deliveredAt: Timestamp?
    /// As sent; empty in lists.
    package let body: String
}

/// What the order core was told, for those who look.
package enum NotificationReads {
    /// Notifications newest first, those before `after`, without their bodies.
    package static func list(
        status: DeliveryStatus?,
        after: NotificationID?,
        limit: Int,
        on pool: ConnectionPool
    ) async throws -> [NotificationView] {
        let parameters: [Parameter] = [
            .optional(status) { .text($0.rawValue) }, .optional(after) { .uuid($0.value) }, .int64(Int64(limit)),
        ]
        return try await pool.execute(selectNotifications, parameters).rows.map(view)
    }

    /// One notification with its body.
    package static func notification(_ id: NotificationID, on pool: ConnectionPool) async throws -> NotificationView? {
        try await pool.execute(selectNotification, [.uuid(id.value)]).rows.first.map(view)
    }

    private static func view(_ row: Row) throws -> NotificationView {
        NotificationView(
            id: try row.identifier(0),
            type: try row.text(1),
            orderingKey: try row.text(2),
            createdAt: try row.instant(3),
            status: try row.value(4, DeliveryStatus.init(rawValue:)),
            attempts: Int(try row.int32(5)),
            nextAttemptAt: try row.instant(6),
            lastStatus: try row.optionalInt32(7).map(Int.init),
            lastError: try row.optionalText(8),
            deliveredAt: try row.optionalInstant(9),
            body: try row.text(10)
        )
    }

    private static let columns = """
        n.id, n.type, n.ordering_key, n.created_at, d.status, d.attempts, d.next_attempt_at, d.last_status, d.last_error, d.delivered_at
        """

    private static let selectNotifications = Statement(
        "notifications_list",
        """
        SELECT \(columns), '' FROM notifications n JOIN notification_deliveries d ON d.notification_id = n.id
        WHERE ($1::text IS NULL OR d.status = $1) AND ($2::uuid IS NULL OR n.id < $2)
        ORDER BY n.id DESC LIMIT $3
        """
    )

    private static let selectNotification = Statement(
        "notifications_one",
        "SELECT \(columns), n.body FROM notifications n JOIN notification_deliveries d ON d.notification_id = n.id WHERE n.id = $1"
    )
}
