import Metrics
import Payments
import Storage

/// What became of stored webhooks, for the metrics.
enum ProcessingCounters {
    /// Counts events of a provider that ended with a status.
    static func count(_ events: Int, _ provider: ProviderName, _ status: InboxStatus) {
        let dimensions = [("provider", provider.text), ("outcome", status.rawValue)]
        Counter(label: "truvapay_webhooks_processed_total", dimensions: dimensions).increment(by: events)
    }

    /// Counts money that went to suspense.
    static func count(_ effect: Decision.Effect) {
        guard case .suspended(let reason) = effect else { return }
        Counter(label: "truvapay_payments_suspended_total", dimensions: [("reason", reason.rawValue)]).increment()
    }
}
