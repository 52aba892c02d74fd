import Foundation

/// One measured thing: how many in a second, and how long one took.
struct Figure: Codable {
    let name: String
    /// Median of the rounds.
    let perSecond: Double
    /// The slowest and the fastest round.
    let spread: [Double]
    /// Milliseconds; absent where single durations mean nothing.
    let p50: Double?
    let p99: Double?

    /// Sums up the rounds.
    init(name: String, perSecond: [Double], milliseconds: [Double] = []) {
        let sorted = perSecond.sorted()
        self.name = name
        self.perSecond = sorted[sorted.count / 2]
        spread = [sorted[0], sorted[sorted.count - 1]]
        let durations = milliseconds.sorted()
        p50 = durations.isEmpty ? nil : durations[durations.count / 2]
        p99 = durations.isEmpty ? nil : durations[durations.count * 99 / 100]
    }
}

/// Prints figures as they come, and keeps them.
struct BenchmarkReport {
    private var figures: [Figure] = []

    /// Says where this runs.
    func printConditions() {
        print(
            "\(ProcessInfo.processInfo.activeProcessorCount) cores, PostgreSQL and load generator on the same machine, default durability"
        )
        print(BenchmarkReport.line("", "per second", "slowest", "fastest", "p50 ms", "p99 ms"))
    }

    mutating func add(_ figure: Figure) {
        figures.append(figure)
        let milliseconds = [figure.p50, figure.p99].map { $0.map { String(format: "%.2f", $0) } ?? "" }
        let rates = ([figure.perSecond] + figure.spread).map { String(format: "%.0f", $0) }
        print(BenchmarkReport.line(figure.name, rates[0], rates[1], rates[2], milliseconds[0], milliseconds[1]))
    }

    /// Writes everything that was added.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(figures).write(to: URL(fileURLWithPath: path))
    }

    private static func line(_ name: String, _ columns: String...) -> String {
        let first = name.padding(toLength: 46, withPad: " ", startingAt: 0)
        return first + columns.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
    }
}
