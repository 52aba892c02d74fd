package import CoreMetrics

/// Keeps the program's metrics and shows them in Prometheus' text format 0.0.4.
///
/// Names become `truvapay_…`; counters end in `_total`, timers in `_seconds`. Recorders and timers are histograms.
package struct PrometheusMetricsFactory: MetricsFactory {
    private let registry = MetricRegistry()
    private let descriptions: [String: MetricDescription]
    private let readProcess: @Sendable () -> ProcessStatistics?

    /// The media type of what ``expose()`` returns.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Makes an empty factory; to be given to `MetricsSystem.bootstrap` and kept for `/metrics`.
    ///
    /// - Parameters:
    ///   - descriptions: Help texts and buckets by exposed name.
    ///   - readProcess: Where the `process_*` metrics come from.
    package init(
        descriptions: [MetricDescription],
        readProcess: @escaping @Sendable () -> ProcessStatistics? = { ProcessStatistics.read() }
    ) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
        self.readProcess = readProcess
    }

    /// The counter of this name and these labels.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    /// The counter of this name and these labels.
    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    /// The gauge of this name and these labels.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    /// The histogram, or without aggregation the gauge, of this name and these labels.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histogram(MetricName.plain(label), dimensions) : gauge(label, dimensions)
    }

    /// The histogram of durations in seconds of this name and these labels.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(MetricName.timer(label), dimensions)
    }

    /// Stops showing a counter.
    package func destroyCounter(_ handler: any CounterHandler) { registry.remove(handler) }

    /// Stops showing a counter.
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { registry.remove(handler) }

    /// Stops showing a gauge.
    package func destroyMeter(_ handler: any MeterHandler) { registry.remove(handler) }

    /// Stops showing a gauge or histogram.
    package func destroyRecorder(_ handler: any RecorderHandler) { registry.remove(handler) }

    /// Stops showing a histogram of durations.
    package func destroyTimer(_ handler: any TimerHandler) { registry.remove(handler) }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        registry.series(MetricName.counter(label), .counter, labels: MetricName.labels(dimensions)) { CounterSeries() }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        registry.series(MetricName.plain(label), .gauge, labels: MetricName.labels(dimensions)) { GaugeSeries() }
    }

    private func histogram(_ name: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        let bounds = descriptions[name]?.buckets ?? MetricDescription.durationBuckets
        return registry.series(name, .histogram, labels: MetricName.labels(dimensions)) { HistogramSeries(bounds: bounds) }
    }

    /// All metrics in the text format, sorted by name, those of the process last.
    ///
    /// Prometheus, "Exposition formats": text-based format 0.0.4.
    package func expose() -> String {
        let snapshot = registry.snapshot()
        var text = ""
        for (name, family) in snapshot.families {
            let help = descriptions[name]?.help ?? "No description is registered for \(name)"
            text += "# HELP \(name) \(MetricName.escapedHelp(help))\n# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.appendSamples(to: &text, name: name, labels: labels)
            }
        }
        let refused = "truvapay_metric_series_refused_total"
        text += "# HELP \(refused) Series that are not shown because of a clash of names or too many labels\n"
        text += "# TYPE \(refused) counter\n\(refused) \(snapshot.refusedCount)\n"
        return text + (readProcess()?.exposition ?? "")
    }
}
