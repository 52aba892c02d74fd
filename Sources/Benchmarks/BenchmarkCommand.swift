import ArgumentParser

/// Measures the product as it ships; figures compare only within one run on one machine.
@main
struct BenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "truvapay-benchmarks",
        abstract: "Measures webhook ingest, the full path and ledger posting against a private PostgreSQL with default durability."
    )

    @Option(help: "Rounds of each measurement; the median is printed.")
    var rounds = 5

    @Option(help: "Connections that post webhooks at the same time.")
    var connections = 64

    @Option(help: "Webhooks of one round.")
    var events = 40_000

    @Option(help: "Transfers of one round.")
    var transfers = 100_000

    @Option(help: "Measure only what carries this in its name.")
    var only: String?

    @Option(help: "Write the figures as JSON to this file.")
    var json: String?

    func validate() throws {
        guard rounds > 0, connections > 0, events >= connections, transfers > 0 else {
            throw ValidationError("every number must be positive, and there must be at least one webhook for each connection")
        }
    }

    func run() async throws {
        var report = BenchmarkReport()
        report.printConditions()
        try await BenchmarkDatabase.with { database in
            for shape in LedgerBenchmark.shapes where isWanted(shape.name) {
                report.add(try await LedgerBenchmark(shape: shape, transfers: transfers, rounds: rounds).run(on: database))
            }
        }
        if isWanted(WebhookBenchmark.name) {
            try await BenchmarkDatabase.with { database in
                let benchmark = WebhookBenchmark(events: events, connections: connections, rounds: rounds)
                for figure in try await benchmark.run(on: database) { report.add(figure) }
            }
        }
        if let json { try report.write(to: json) }
    }

    private func isWanted(_ name: String) -> Bool {
        only.map { name.contains($0) } ?? true
    }
}
