import CoreMetrics
import Foundation
import Testing

@testable import Operations

@Suite("Prometheus metrics")
struct PrometheusMetricsFactoryTests {
    private func factory(_ descriptions: MetricDescription...) -> PrometheusMetricsFactory {
        PrometheusMetricsFactory(descriptions: descriptions, readProcess: { nil })
    }

    /// The exposition without the block of refused series that always stands last.
    private func exposition(_ factory: PrometheusMetricsFactory) -> [String] {
        let lines = factory.expose().split(separator: "\n").map(String.init)
        return Array(lines.prefix { !$0.hasPrefix("# HELP truvapay_metric_series_refused_total") })
    }

    @Test("a counter adds up, each set of labels apart, sorted, with help and type once")
    func counters() {
        let factory = factory(MetricDescription("truvapay_webhooks_total", "Webhooks by provider\nand \\ outcome"))
        Counter(label: "truvapay_webhooks", dimensions: [("provider", "stripe")], factory: factory).increment()
        Counter(label: "truvapay_webhooks", dimensions: [("provider", "paypal"), ("a", "b")], factory: factory).increment(by: 41)
        Counter(label: "truvapay_webhooks_total", dimensions: [("provider", "stripe")], factory: factory).increment(by: 2)
        #expect(
            exposition(factory) == [
                #"# HELP truvapay_webhooks_total Webhooks by provider\nand \\ outcome"#,
                "# TYPE truvapay_webhooks_total counter",
                #"truvapay_webhooks_total{a="b",provider="paypal"} 41"#,
                #"truvapay_webhooks_total{provider="stripe"} 3"#,
            ]
        )
    }

    @Test("a counter never falls, takes fractions and can be reset")
    func counterEdges() {
        let factory = factory()
        let whole = factory.makeCounter(label: "c", dimensions: [])
        let fractional = factory.makeFloatingPointCounter(label: "c", dimensions: [])
        whole.increment(by: -5)
        whole.increment(by: Int64(3))
        fractional.increment(by: 0.25)
        fractional.increment(by: -1.0)
        fractional.increment(by: .nan)
        fractional.increment(by: .infinity)
        #expect(exposition(factory).last == "truvapay_c_total 3.25")
        whole.reset()
        #expect(exposition(factory).last == "truvapay_c_total 0")
    }

    @Test("gauges, meters and recorders that do not aggregate keep the last value")
    func gauges() {
        let factory = factory()
        Gauge(label: "queue.depth", factory: factory).record(7)
        let meter = Meter(label: "lag", factory: factory)
        meter.set(1.5)
        meter.increment(by: 2.0)
        meter.decrement(by: 0.5)
        #expect(exposition(factory).filter { !$0.hasPrefix("#") } == ["truvapay_lag 3", "truvapay_queue_depth 7"])
        meter.set(-Double.infinity)
        #expect(exposition(factory).contains("truvapay_lag -Inf"))
    }

    @Test("a timer is a histogram of seconds with cumulative buckets")
    func timers() {
        let factory = factory()
        let timer = CoreMetrics.Timer(label: "request", dimensions: [("route", "/v1/charges")], factory: factory)
        timer.recordNanoseconds(1_000_000)
        timer.recordMilliseconds(2)
        timer.recordSeconds(20)
        let lines = exposition(factory)
        #expect(lines[1] == "# TYPE truvapay_request_seconds histogram")
        #expect(lines[2] == #"truvapay_request_seconds_bucket{route="/v1/charges",le="0.001"} 1"#)
        #expect(lines[3] == #"truvapay_request_seconds_bucket{route="/v1/charges",le="0.0025"} 2"#)
        #expect(lines[14] == #"truvapay_request_seconds_bucket{route="/v1/charges",le="10"} 2"#)
        #expect(lines[15] == #"truvapay_request_seconds_bucket{route="/v1/charges",le="+Inf"} 3"#)
        #expect(lines[16] == #"truvapay_request_seconds_sum{route="/v1/charges"} 20.003"#)
        #expect(lines[17] == #"truvapay_request_seconds_count{route="/v1/charges"} 3"#)
        #expect(lines.count == 18)
    }

    @Test("a recorder takes the buckets of its description and leaves out what is not a number")
    func recorders() {
        let factory = factory(MetricDescription("truvapay_batch", "Rows in a batch", buckets: [1, 10]))
        let recorder = Recorder(label: "batch", factory: factory)
        recorder.record(1)
        recorder.record(11)
        recorder.record(Double.nan)
        #expect(
            exposition(factory).filter { !$0.hasPrefix("#") } == [
                #"truvapay_batch_bucket{le="1"} 1"#, #"truvapay_batch_bucket{le="10"} 1"#, #"truvapay_batch_bucket{le="+Inf"} 2"#,
                "truvapay_batch_sum 12", "truvapay_batch_count 2",
            ]
        )
    }

    @Test(
        "names and labels keep to Prometheus' alphabet",
        arguments: [
            (
                "http.server.requests", [("le", "1"), ("9a", "x"), ("__b", "y")],
                #"truvapay_http_server_requests_total{label_9a="x",label___b="y",label_le="1"}"#
            ),
            ("naïve metric", [("", "v")], #"truvapay_na_ve_metric_total{label_="v"}"#),
            ("x", [("a-b", "one"), ("a.b", "two")], #"truvapay_x_total{a_b="one"}"#),
            ("x", [("a", "say \"hi\"\\\n")], #"truvapay_x_total{a="say \"hi\"\\\n"}"#),
        ]
    )
    func names(label: String, dimensions: [(String, String)], series: String) {
        let factory = factory()
        Counter(label: label, dimensions: dimensions, factory: factory).increment()
        #expect(exposition(factory).last == series + " 1")
    }

    @Test("a name taken by another kind and labels without bound are refused and counted, and still work")
    func refusals() {
        let factory = factory()
        Counter(label: "a_total", factory: factory).increment()
        Gauge(label: "a_total", factory: factory).record(9)
        for number in 0..<(MetricRegistry.seriesPerFamilyMax + 5) {
            Counter(label: "b", dimensions: [("id", "\(number)")], factory: factory).increment()
        }
        let lines = exposition(factory)
        #expect(lines.contains("truvapay_a_total 1"))
        #expect(lines.count { $0.hasPrefix("truvapay_b_total{") } == MetricRegistry.seriesPerFamilyMax)
        #expect(factory.expose().hasSuffix("\ntruvapay_metric_series_refused_total 6\n"))
    }

    @Test("a destroyed metric is shown no more and starts anew")
    func destruction() {
        let factory = factory()
        let counter = Counter(label: "c", factory: factory)
        let meter = Meter(label: "m", factory: factory)
        let recorder = Recorder(label: "r", factory: factory)
        let timer = CoreMetrics.Timer(label: "t", factory: factory)
        let fractional = FloatingPointCounter(label: "f", factory: factory)
        counter.increment(by: 5)
        #expect(exposition(factory).count { $0.hasPrefix("# TYPE") } == 5)
        counter.destroy()
        meter.destroy()
        recorder.destroy()
        timer.destroy()
        fractional.destroy()
        #expect(exposition(factory).isEmpty)
        Counter(label: "c", factory: factory).increment()
        #expect(exposition(factory).last == "truvapay_c_total 1")
    }

    @Test("nothing is lost when many threads record at once")
    func concurrency() async {
        let factory = factory(MetricDescription("truvapay_size", "Sizes", buckets: [0]))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { @concurrent in
                    let fractional = factory.makeFloatingPointCounter(label: "part", dimensions: [])
                    for _ in 0..<1000 {
                        Counter(label: "whole", factory: factory).increment()
                        fractional.increment(by: 0.5)
                        Recorder(label: "size", factory: factory).record(1)
                    }
                }
            }
        }
        let lines = exposition(factory)
        #expect(lines.contains("truvapay_whole_total 8000") && lines.contains("truvapay_part_total 4000"))
        #expect(lines.contains("truvapay_size_count 8000") && lines.contains("truvapay_size_sum 8000"))
    }
}
