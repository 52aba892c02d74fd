/// What a metric means, and how its values are grouped; the program gives one for each metric it makes.
package struct MetricDescription: Sendable, Equatable {
    /// The name as it is exposed, for example `truvapay_webhooks_total`.
    package let name: String

    /// One sentence for whoever reads the metric, without a full stop, as Prometheus' own are.
    package let help: String

    /// Upper bounds of a histogram's buckets in the metric's unit, rising.
    package let buckets: [Double]

    /// Seconds: from a millisecond to ten, so that the promised answer times lie between two bounds.
    package static let durationBuckets: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    /// Counts: batch sizes and the like, from one to ten thousand.
    package static let countBuckets: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]

    /// Describes one metric.
    package init(_ name: String, _ help: String, buckets: [Double] = MetricDescription.durationBuckets) {
        precondition(zip(buckets, buckets.dropFirst()).allSatisfy(<), "bucket bounds rise")
        self.name = name
        self.help = help
        self.buckets = buckets
    }
}
