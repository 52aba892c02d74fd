import Foundation

/// Prints groups as they come, and keeps them.
struct BenchmarkReport: Codable {
    private let machine: Conditions
    private var groups: [MeasuredGroup] = []

    /// Begins by saying where this runs.
    init(machine: Conditions) {
        self.machine = machine
        BenchmarkReport.print(machine)
    }

    /// Runs a group and prints what it found.
    mutating func add(_ run: () async throws -> MeasuredGroup) async throws {
        let before = ProcessorTime.ofMachine()
        var group = try await run()
        let after = ProcessorTime.ofMachine()
        group.stolenPercent = Double(after.stolen - before.stolen) * 100 / Double(max(1, after.all - before.all))
        BenchmarkReport.print(group)
        groups.append(group)
    }

    /// Writes everything that was added.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }

    private static func print(_ conditions: Conditions) {
        for line in conditions.lines { Output.line("\(line.name): \(line.value)") }
    }

    private static func print(_ group: MeasuredGroup) {
        Output.line("\n== \(group.name)")
        print(group.conditions)
        Output.line("stolen by the host: \(number(group.stolenPercent, 1)) %")
        for trial in group.trials { Output.line(row("trial: \(trial.name)", [number(trial.perSecond)])) }
        if !group.figures.isEmpty {
            let head = ["per second", "slowest", "fastest", "p50 ms", "p99 ms", "us program", "us server", "us load"]
            Output.line(row("median of the rounds; processor time per item", head))
        }
        for figure in group.figures {
            let rates = [figure.perSecond, figure.rounds.min(), figure.rounds.max()].map { number($0) }
            let durations = [figure.p50, figure.p99].map { number($0, 2) }
            let shares = [figure.programMicroseconds, figure.serverMicroseconds, figure.loadMicroseconds].map { number($0, 1) }
            Output.line(row(figure.name, rates + durations + shares))
        }
        for ratio in group.ratios { Output.line(row(ratio.name, [number(ratio.value, 2)] + aim(ratio.aim, "at least"))) }
        for value in group.values {
            Output.line(row(value.name, ["\(number(value.value, 2)) \(value.unit)"] + aim(value.limit, "at most")))
        }
        for note in group.notes { Output.line(note) }
    }

    private static func aim(_ value: Double?, _ words: String) -> [String] {
        value.map { ["aim: \(words) \(number($0, $0 < 10 ? 2 : 0))"] } ?? []
    }

    private static func number(_ value: Double?, _ digits: Int = 0) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? ""
    }

    private static func row(_ name: String, _ columns: [String]) -> String {
        let width = 58
        let first = name.count < width ? name.padding(toLength: width, withPad: " ", startingAt: 0) : name
        return first + columns.map { String(repeating: " ", count: max(1, 11 - $0.count)) + $0 }.joined()
    }
}
