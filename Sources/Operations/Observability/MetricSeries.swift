import CoreMetrics
import Synchronization

/// One line, or for a histogram one block of lines, of the exposition.
protocol MetricSeries: AnyObject, Sendable {
    /// Appends the current values under the family's name and these labels.
    func appendSamples(to text: inout String, name: String, labels: String)
}

extension MetricSeries {
    func appendSample(to text: inout String, name: String, labels: String, value: Double) {
        text += labels.isEmpty ? name : name + "{" + labels + "}"
        text += " " + MetricName.number(value) + "\n"
    }
}

/// A number that only grows; an increment is one atomic addition.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fractional = AtomicNumber()

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.wrappingAdd(amount, ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.store(0)
    }

    func appendSamples(to text: inout String, name: String, labels: String) {
        let value = Double(whole.load(ordering: .relaxed)) + fractional.load()
        appendSample(to: &text, name: name, labels: labels, value: value)
    }
}

/// A number that goes up and down; it serves meters and recorders that do not aggregate.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = AtomicNumber()

    func set(_ value: Int64) { self.value.store(Double(value)) }
    func set(_ value: Double) { self.value.store(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func appendSamples(to text: inout String, name: String, labels: String) {
        appendSample(to: &text, name: name, labels: labels, value: value.load())
    }
}

/// A floating-point number that several threads may change.
private final class AtomicNumber: Sendable {
    private let bits = Atomic<UInt64>(0)

    func load() -> Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func store(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func add(_ amount: Double) {
        var current = bits.load(ordering: .relaxed)
        while true {
            let wanted = (Double(bitPattern: current) + amount).bitPattern
            let result = bits.weakCompareExchange(expected: current, desired: wanted, ordering: .relaxed)
            if result.exchanged { return }
            current = result.original
        }
    }
}
