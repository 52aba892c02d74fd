import CoreMetrics
import Synchronization

/// Counts values by size; it serves recorders that aggregate, and timers in seconds.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private struct Counts {
        /// One for each bound and a last one for everything above.
        var buckets: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let counts: Mutex<Counts>

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Mutex(Counts(buckets: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts.withLock { counts in
            counts.buckets[bucket] += 1
            counts.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    func appendSamples(to text: inout String, name: String, labels: String) {
        let now = counts.withLock { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        var total = 0
        for (bound, count) in zip(bounds + [.infinity], now.buckets) {
            total += count
            appendSample(to: &text, name: name + "_bucket", labels: prefix + "le=\"\(MetricName.number(bound))\"", value: Double(total))
        }
        appendSample(to: &text, name: name + "_sum", labels: labels, value: now.sum)
        appendSample(to: &text, name: name + "_count", labels: labels, value: Double(total))
    }
}
