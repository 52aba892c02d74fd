import Gateway
import Metrics
import PostgreSQL
import Storage

/// Lengths and ages of the queues, read when somebody asks for the metrics.
struct QueueMetrics: Sendable {
    let pool: ConnectionPool
    let surroundings: Surroundings

    /// Sets the gauges; leaves them as they are when the database does not answer.
    func update() async {
        guard let depths = try? await QueueReads.depths(at: surroundings.now(), on: pool) else { return }
        Gauge(label: "truvapay_inbox_waiting").record(depths.inboxWaiting)
        Gauge(label: "truvapay_inbox_oldest_seconds").record(depths.inboxOldestSeconds)
        Gauge(label: "truvapay_outbox_waiting").record(depths.outboxWaiting)
        Gauge(label: "truvapay_outbox_oldest_seconds").record(depths.outboxOldestSeconds)
        Gauge(label: "truvapay_outbox_dead").record(depths.outboxDead)
        Gauge(label: "truvapay_provider_calls_waiting").record(depths.providerCallsWaiting)
    }
}
