import Operations

/// What the metrics of this program mean.
enum MetricDescriptions {
    static let all = [
        MetricDescription(
            "truvapay_http_request_duration_seconds",
            "Time from a request's head to its answer, by route, method and status"
        ),
        MetricDescription(
            "truvapay_webhooks_received_total",
            "Webhooks by provider and outcome: stored, duplicate, unavailable, unverifiable, or why refused"
        ),
        MetricDescription("truvapay_webhooks_processed_total", "Stored webhooks that were processed, by provider and outcome"),
        MetricDescription("truvapay_payments_suspended_total", "Payments that were booked to suspense, by reason"),
        MetricDescription("truvapay_provider_calls_total", "Calls to providers by operation and outcome"),
        MetricDescription("truvapay_provider_circuit_open", "Whether requests to the provider are kept back because others failed"),
        MetricDescription("truvapay_notification_attempts_total", "Attempts to tell the order core, by outcome"),
        MetricDescription("truvapay_inbox_waiting", "Stored webhooks that are not processed yet"),
        MetricDescription("truvapay_inbox_oldest_seconds", "Age of the oldest webhook that is not processed yet"),
        MetricDescription("truvapay_outbox_waiting", "Notifications that are not delivered yet"),
        MetricDescription("truvapay_outbox_oldest_seconds", "Age of the oldest notification that is not delivered yet"),
        MetricDescription("truvapay_outbox_dead", "Notifications that were given up"),
        MetricDescription("truvapay_provider_calls_waiting", "Provider calls that are not finished"),
    ]
}
