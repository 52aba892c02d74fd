import Payments
import PostgreSQL
import Storage

/// Webhooks through the gateway: until the answer, and until charge, ledger and outbox are committed.
struct WebhookBenchmark {
    static let name = "webhooks"

    let events: Int
    let connections: Int
    let rounds: Int

    /// What one round measured.
    private struct Round {
        let ingest: LoadGenerator.Outcome
        /// From the first request until the last commit.
        let fullPathSeconds: Double
    }

    /// Measures at full speed, then how long single events take at 70 % of that.
    func run(on database: BenchmarkDatabase) async throws -> [Figure] {
        let commits = CommitTimes(database: database)
        let gateway = try GatewayProcess(database: database.connectionString)
        defer { gateway.stop() }
        try await gateway.waitUntilListening()
        let load = LoadGenerator(port: gateway.port, connections: connections)
        _ = try await round(load, database, events: min(events, 5000))
        var measured: [Round] = []
        for _ in 0..<rounds { measured.append(try await round(load, database, events: events)) }
        let fullPath = Figure(
            name: "webhooks full path, \(connections) connections",
            perSecond: measured.map { Double(events) / $0.fullPathSeconds }
        )
        let ingest = Figure(
            name: "webhooks ingest, \(connections) connections",
            perSecond: measured.map { Double(events) / $0.ingest.seconds },
            milliseconds: measured.flatMap(\.ingest.milliseconds)
        )
        let rate = fullPath.perSecond * 0.7
        let mark = try await commits.mark()
        let paced = try await round(load, database, events: events, perSecond: rate)
        let pacedFigures = [
            Figure(
                name: "webhooks ingest at 70 %",
                perSecond: [Double(events) / paced.ingest.seconds],
                milliseconds: paced.ingest.milliseconds
            ),
            Figure(
                name: "webhooks full path at 70 %",
                perSecond: [Double(events) / paced.fullPathSeconds],
                milliseconds: try await commits.milliseconds(since: mark)
            ),
        ]
        return [ingest, fullPath] + pacedFigures
    }

    private func round(
        _ load: LoadGenerator,
        _ database: BenchmarkDatabase,
        events: Int,
        perSecond: Double? = nil
    ) async throws -> Round {
        let source = try StripeEvents()
        let requests = try await PreparedCharges.insert(events, on: database).map { source.request(for: $0) }
        let start = ContinuousClock.now
        let ingest = try await load.send(requests, perSecond: perSecond)
        while try await PreparedCharges.isAnyOpen(on: database) { try await Task.sleep(for: .milliseconds(10)) }
        return Round(ingest: ingest, fullPathSeconds: LoadGenerator.seconds(since: start))
    }
}
