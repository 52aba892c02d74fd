package import Payments
package import PostgreSQL

/// A notification that is about to be written.
package struct NewNotification: Sendable {
    package let id: NotificationID
    let notification: OrderCoreNotification
    let body: String

    /// Joins a notification with its id and the exact bytes that will be sent.
    package init(id: NotificationID, notification: OrderCoreNotification, body: String) {
        self.id = id
        self.notification = notification
        self.body = body
    }
}

/// A notification that is being delivered by whoever holds the claim.
package struct ClaimedNotification: Sendable {
    package let id: NotificationID
    package let body: String
    /// Attempts, the one under way included.
    package let attempts: Int
    @TwoWords private(set) var claimToken: UInt128
}

/// An attempt that did not succeed.
package struct FailedDelivery: Sendable {
    let notification: ClaimedNotification
    let nextAttemptAt: Timestamp
    let status: Int?
    let error: String?

    /// Describes an attempt.
    package init(notification: ClaimedNotification, nextAttemptAt: Timestamp, status: Int?, error: String?) {
        self.notification = notification
        self.nextAttemptAt = nextAttemptAt
        self.status = status
        self.error = error
    }
}

/// The outbox: what the order core is told, and how far its delivery is.
package enum OutboxStore {
    /// Writes notifications that are not there yet, by their cause and type.
    package static func insert(_ rows: [NewNotification], at now: Timestamp) -> Command {
        Command(
            insertNotifications,
            [
                .uuids(rows.map(\.id.value)), .texts(rows.map(\.notification.type.rawValue)), .texts(rows.map(\.notification.cause)),
                .texts(rows.map(\.notification.orderingKey)), .int64s(rows.map(\.notification.ordinal)), .texts(rows.map(\.body)),
                .timestamp(now.microseconds),
            ]
        )
    }

    /// Claims what is due, the earliest waiting one of each key only; nothing while the endpoint is paused.
    package static func claimDue(now: Timestamp, claim: Claim, limit: Int, endpoint: String) -> Command {
        Command(
            claimNotifications,
            [
                .timestamp(now.microseconds), .timestamp(claim.until.microseconds), .uuid(claim.token), .int64(Int64(limit)),
                .text(endpoint), .uuid(claim.holder.value),
            ]
        )
    }

    /// Reads claimed notifications.
    package static func decodeClaimed(_ result: QueryResult) throws -> [ClaimedNotification] {
        try result.rows.map { row in
            ClaimedNotification(
                id: try row.identifier(0),
                body: try row.text(1),
                attempts: Int(try row.int32(2)),
                claimToken: try row.uuid(3)
            )
        }
    }

    /// Ends the delivery of notifications whose claim still holds.
    package static func recordDelivered(_ notifications: [ClaimedNotification], at now: Timestamp) -> Command {
        Command(
            deliver,
            [.uuids(notifications.map(\.id.value)), .uuids(notifications.map(\.claimToken)), .timestamp(now.microseconds)]
        )
    }

    /// Lets notifications be due again later.
    package static func recordRetry(_ failures: [FailedDelivery]) -> Command {
        Command(fail, parameters(failures) + [.text("pending")])
    }

    /// Gives notifications up until somebody sends them again by hand.
    package static func recordDead(_ failures: [FailedDelivery]) -> Command {
        Command(fail, parameters(failures) + [.text("dead")])
    }

    /// Puts a notification back into the queue, whatever became of it.
    package static func resend(_ id: NotificationID, at now: Timestamp) -> Command {
        Command(requeue, [.uuid(id.value), .timestamp(now.microseconds)])
    }

    /// Stops deliveries to an endpoint.
    package static func pause(endpoint: String, reason: String, at now: Timestamp) -> Command {
        Command(pauseEndpoint, [.text(endpoint), .timestamp(now.microseconds), .text(reason)])
    }

    /// Lets deliveries go on.
    package static func resumeEndpoints() -> Command {
        Command(resume)
    }

    private static func parameters(_ failures: [FailedDelivery]) -> [Parameter] {
        [
            .uuids(failures.map(\.notification.id.value)), .uuids(failures.map(\.notification.claimToken)),
            .timestamps(failures.map(\.nextAttemptAt.microseconds)), .optionalInt32s(failures.map { $0.status.map(Int32.init) }),
            .optionalTexts(failures.map(\.error)),
        ]
    }

    private static let insertNotifications = Statement(
        "outbox_insert",
        """
        WITH new AS (
            INSERT INTO notifications (id, type, cause, ordering_key, ordinal, body, created_at)
            SELECT d.*, $7 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[]) AS d
            ON CONFLICT (cause, type) DO NOTHING
            RETURNING id, ordering_key, ordinal
        )
        INSERT INTO notification_deliveries (notification_id, ordering_key, ordinal, next_attempt_at)
        SELECT id, ordering_key, ordinal, $7 FROM new
        """
    )

    private static let claimNotifications = Statement(
        "outbox_claim",
        """
        WITH due AS (
            SELECT d.notification_id FROM notification_deliveries d
            WHERE d.status = 'pending' AND d.next_attempt_at <= $1
                AND NOT EXISTS (SELECT FROM notification_deliveries e
                    WHERE e.status = 'pending' AND e.ordering_key = d.ordering_key
                        AND (e.ordinal, e.notification_id) < (d.ordinal, d.notification_id))
                AND NOT EXISTS (SELECT FROM delivery_pauses WHERE endpoint = $5)
            ORDER BY d.next_attempt_at LIMIT $4
            FOR UPDATE OF d SKIP LOCKED
        )
        UPDATE notification_deliveries d SET claim_token = $3, claimed_by = $6, next_attempt_at = $2, attempts = d.attempts + 1
        FROM due JOIN notifications n ON n.id = due.notification_id
        WHERE d.notification_id = due.notification_id
        RETURNING d.notification_id, n.body, d.attempts, d.claim_token
        """
    )

    private static let deliver = Statement(
        "outbox_deliver",
        """
        UPDATE notification_deliveries d
        SET status = 'delivered', delivered_at = $3, claim_token = NULL, claimed_by = NULL, last_error = NULL
        FROM unnest($1::uuid[], $2::uuid[]) AS c(id, token)
        WHERE d.notification_id = c.id AND d.claim_token = c.token
        """
    )

    private static let fail = Statement(
        "outbox_fail",
        """
        UPDATE notification_deliveries d
        SET status = $6, next_attempt_at = c.next_attempt_at, last_status = c.status, last_error = c.error,
            claim_token = NULL, claimed_by = NULL
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::int[], $5::text[]) AS c(id, token, next_attempt_at, status, error)
        WHERE d.notification_id = c.id AND d.claim_token = c.token
        """
    )

    private static let requeue = Statement(
        "outbox_requeue",
        """
        UPDATE notification_deliveries SET status = 'pending', attempts = 0, next_attempt_at = $2, claim_token = NULL, claimed_by = NULL
        WHERE notification_id = $1
        """
    )

    private static let pauseEndpoint = Statement(
        "outbox_pause",
        "INSERT INTO delivery_pauses (endpoint, paused_at, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    )

    private static let resume = Statement("outbox_resume", "DELETE FROM delivery_pauses")
}
