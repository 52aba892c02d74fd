package import Payments
package import PostgreSQL

/// When work that waits is due, in all queues at once.
package enum DueTimes {
    /// Makes due earlier what was put off beyond `now`, but nothing earlier than `now`; what somebody works on keeps its claim.
    package static func bringForward(by change: Duration, at now: Timestamp) -> [Command] {
        let parameters: [Parameter] = [
            .timestamp(now.microseconds), .timestamp(now.advanced(by: .zero - change).microseconds),
        ]
        return [providerCalls, payoutCalls, deliveries, webhooks].map { Command($0, parameters) }
    }

    private static let providerCalls = Statement(
        "due_times_provider_calls",
        """
        UPDATE provider_calls SET next_attempt_at = greatest($1, next_attempt_at - ($1 - $2::timestamptz)), updated_at = $1
        WHERE state = 'pending' AND claim_token IS NULL AND next_attempt_at > $1
        """
    )

    private static let payoutCalls = Statement(
        "due_times_payout_calls",
        """
        UPDATE payout_calls SET next_attempt_at = greatest($1, next_attempt_at - ($1 - $2::timestamptz)), updated_at = $1
        WHERE state = 'pending' AND claim_token IS NULL AND next_attempt_at > $1
        """
    )

    private static let deliveries = Statement(
        "due_times_deliveries",
        """
        UPDATE notification_deliveries SET next_attempt_at = greatest($1, next_attempt_at - ($1 - $2::timestamptz))
        WHERE status = 'pending' AND claim_token IS NULL AND next_attempt_at > $1
        """
    )

    private static let webhooks = Statement(
        "due_times_webhooks",
        """
        UPDATE webhook_event_queue SET next_attempt_at = greatest($1, next_attempt_at - ($1 - $2::timestamptz))
        WHERE next_attempt_at > $1
        """
    )
}
