import Foundation

/// One soak: windows of a few seconds, each prepared while the one before is sent.
struct SoakRun {
    let webhooks: GatewayWebhooks
    let perSecond: Double
    let connections: Int

    private static let windowSeconds = 5.0
    private static let intervalSeconds = 30.0
    private static let slices = 50

    /// Runs, prints a line for every interval, and returns what is wrong.
    func run(minutes: Double) async throws -> [String] {
        let inbox = InboxAccess(pool: webhooks.database.pool)
        let load = LoadGenerator(port: webhooks.gateway.port, connections: connections)
        let windows = max(8, Int(minutes * 60 / SoakRun.windowSeconds))
        let paidBefore = try await inbox.paidCount()
        var record = SoakRecord()
        var interval = SoakInterval()
        var sent = 0
        var prepared = try await prepare(within: 0)
        Output.line("  seconds  per second      p50 ms      p99 ms  memory MB     errors    backlog")
        for window in 1...windows {
            async let following = window < windows ? prepare(within: SoakRun.windowSeconds * 0.9) : PreparedRequests()
            let outcome = try await load.send(prepared, perSecond: perSecond, expected: 100...599)
            sent += prepared.count
            interval.add(outcome)
            if interval.seconds >= SoakRun.intervalSeconds || window == windows {
                interval.memory = webhooks.gateway.residentMegabytes.now
                interval.backlog = try await inbox.waitingCount()
                Output.line(interval.line(at: Double(window) * SoakRun.windowSeconds))
                record.intervals.append(interval)
                interval = SoakInterval()
            }
            prepared = try await following
        }
        try await inbox.waitUntilProcessed()
        let paid = try await inbox.paidCount() - paidBefore
        return record.complaints + (paid == Int64(sent) ? [] : ["\(sent) payments were told of and \(paid) booked"])
    }

    /// Prepares a window's events in slices, for to do it at once would stand in the way of those that are being sent.
    private func prepare(within seconds: Double) async throws -> PreparedRequests {
        let start = SteadyTime.now()
        var requests = PreparedRequests()
        for slice in 1...SoakRun.slices {
            let count = Int(perSecond * SoakRun.windowSeconds) / SoakRun.slices
            let payments = try await PreparedPayments.insertCharges(count, on: webhooks.database.pool)
            requests.append(webhooks.events.requests(for: payments))
            let pause = start + seconds * Double(slice) / Double(SoakRun.slices) - SteadyTime.now()
            if pause > 0 { try await Task.sleep(for: .seconds(pause)) }
        }
        return requests
    }
}

/// What half a minute showed.
struct SoakInterval {
    private(set) var seconds = 0.0
    private var milliseconds: [Double] = []
    private(set) var errors = 0
    /// Resident memory at the end, in megabytes.
    var memory = 0.0
    /// Webhooks that wait to be processed at the end.
    var backlog: Int64 = 0

    var p99: Double { Figure.quantile(milliseconds, 0.99) ?? 0 }

    mutating func add(_ outcome: LoadGenerator.Outcome) {
        seconds += outcome.seconds
        milliseconds += outcome.milliseconds
        errors += outcome.statuses.filter { $0.key != 200 }.values.reduce(0, +)
    }

    func line(at time: Double) -> String {
        let p50 = Figure.quantile(milliseconds, 0.5) ?? 0
        let rate = Double(milliseconds.count) / max(seconds, 0.001)
        return String(format: "%9.0f %11.0f %11.2f %11.2f %10.1f %10d %10d", time, rate, p50, p99, memory, errors, Int(backlog))
    }
}

/// All intervals, and what must hold of them.
struct SoakRecord {
    var intervals: [SoakInterval] = []

    /// Memory is flat when the last third needs at most a tenth and five megabytes more than the middle third; the tail of the latencies is
    /// stable when the median p99 of the second half is at most one and a half times that of the first, and five milliseconds.
    var complaints: [String] {
        var complaints: [String] = []
        let errors = intervals.reduce(0) { $0 + $1.errors }
        if errors > 0 { complaints.append("\(errors) requests were not answered 200") }
        guard intervals.count >= 3 else { return complaints }
        let third = intervals.count / 3
        let middle = SoakRecord.mean(intervals.dropLast(third).suffix(third).map(\.memory))
        let last = SoakRecord.mean(intervals.suffix(third).map(\.memory))
        if last > middle * 1.1 + 5 { complaints.append("memory grew from \(Int(middle)) to \(Int(last)) MB") }
        let half = intervals.count / 2
        let before = Figure.quantile(intervals.prefix(half).map(\.p99), 0.5) ?? 0
        let after = Figure.quantile(intervals.suffix(half).map(\.p99), 0.5) ?? 0
        if after > before * 1.5 + 5 { complaints.append("p99 went from \(Int(before)) to \(Int(after)) ms") }
        return complaints
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(max(1, values.count))
    }
}
