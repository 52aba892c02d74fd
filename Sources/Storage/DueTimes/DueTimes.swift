package import Payments
package import PostgreSQL

/// When work that waits is due, in all queues at once.
package enum DueTimes {
    /// Makes due earlier what was put off beyond `now`, but nothing earlier than `now`; what somebody works on keeps its claim.
    package static func bringForward(by change: Duration, at now: Timestamp) -> [Command] {
        let microseconds = now.microseconds - now.advanced(by: .zero - change).microseconds
        return statements.map { Command($0, [.timestamp(now.microseconds), .int64(microseconds)]) }
    }

    /// Claims exist where work is done outside the transaction that takes it.
    private static let statements = [
        statement("provider_calls", waiting: "state = 'pending' AND claim_token IS NULL", also: ", updated_at = $1"),
        statement("payout_calls", waiting: "state = 'pending' AND claim_token IS NULL", also: ", updated_at = $1"),
        statement("notification_deliveries", waiting: "status = 'pending' AND claim_token IS NULL"),
        statement("webhook_event_queue", waiting: "true"),
    ]

    private static func statement(_ queue: String, waiting: String, also changes: String = "") -> Statement {
        Statement(
            "due_times_\(queue)",
            """
            UPDATE \(queue) SET next_attempt_at = greatest($1, next_attempt_at - $2::bigint * interval '1 microsecond')\(changes)
            WHERE \(waiting) AND next_attempt_at > $1
            """
        )
    }
}
