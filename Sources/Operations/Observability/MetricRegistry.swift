import Synchronization

/// All series that exist, by family and labels.
///
/// Looking up a series takes a lock and builds its label text, so code on a hot path makes its metrics once and keeps them.
final class MetricRegistry: Sendable {
    /// What Prometheus calls a metric's type.
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// All series of one name.
    struct Family: Sendable {
        let kind: Kind
        var series: [String: any MetricSeries] = [:]
    }

    /// More series than this under one name are refused, for a label with unbounded values would eat the memory.
    static let seriesPerFamilyMax = 1000

    private struct State: Sendable {
        var families: [String: Family] = [:]
        var refusedCount = 0
    }

    private let state = Mutex(State())

    /// The series of this name and these labels, made when it is asked for first.
    ///
    /// Where the name is taken by another kind, or has too many series already, the answer works but is not exposed, and is counted.
    func series<Series: MetricSeries>(_ name: String, _ kind: Kind, labels: String, make: () -> Series) -> Series {
        state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind)
            if let existing = family.series[labels] as? Series { return existing }
            let made = make()
            let isTaken = family.kind != kind || family.series[labels] != nil
            if isTaken || family.series.count >= Self.seriesPerFamilyMax {
                state.refusedCount += 1
            } else {
                family.series[labels] = made
                state.families[name] = family
            }
            return made
        }
    }

    /// Forgets a series; it may be asked for again and then starts anew.
    func remove(_ handler: AnyObject) {
        state.withLock { state in
            state.families = state.families.mapValues { family in
                Family(kind: family.kind, series: family.series.filter { $0.value !== handler })
            }
        }
    }

    /// The families that have a series, sorted by name, and how many series were refused.
    func snapshot() -> (families: [(name: String, family: Family)], refusedCount: Int) {
        let now = state.withLock { $0 }
        let filled = now.families.filter { !$0.value.series.isEmpty }
        return (filled.sorted { $0.key < $1.key }.map { (name: $0.key, family: $0.value) }, now.refusedCount)
    }
}
