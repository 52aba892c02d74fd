import ArgumentParser

/// Webhooks for as long as asked, at a part of the limit that was measured right before.
struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "soak", abstract: "Keep a steady load and watch that nothing grows.")

    @Option(help: "How long.")
    var minutes = 10.0

    @Option(help: "Part of the measured limit, in percent.")
    var rate = 70.0

    @Option(help: "Connections that post webhooks at the same time.")
    var connections = 64

    func validate() throws {
        guard minutes > 0, rate > 0, rate <= 100, connections > 0 else {
            throw ValidationError("minutes and connections must be positive, and the rate at most 100 percent")
        }
    }

    func run() async throws {
        let verdict = try await BenchmarkServer.with { server in
            try await server.withDatabase("ours") { database in
                let gateway = try await GatewayProcess(database: database.connectionString)
                defer { gateway.stop() }
                let webhooks = GatewayWebhooks(gateway: gateway, database: database, events: try StripeEvents())
                let perSecond = try await limit(webhooks) * rate / 100
                Output.line("offering \(Int(perSecond)) webhooks a second for \(minutes) minutes")
                return try await SoakRun(webhooks: webhooks, perSecond: perSecond, connections: connections).run(minutes: minutes)
            }
        }
        for complaint in verdict { Output.line("not passed: \(complaint)") }
        guard verdict.isEmpty else { throw ExitCode.failure }
        Output.line("passed: no error, every payment booked once, memory flat, p99 stable")
    }

    /// Webhooks a second on the full path, the lesser of two rounds after a first one that only warms up.
    ///
    /// The rounds last long enough for what PostgreSQL does only once a minute or a gigabyte: vacuum and checkpoints.
    private func limit(_ webhooks: GatewayWebhooks) async throws -> Double {
        let shape = WebhookShape(connections: connections, duplicatePercent: 0)
        var rates: [Double] = []
        for events in [20_000, 150_000, 150_000] {
            let sample = try await webhooks.measure(shape, events: events)[1]
            rates.append(Double(sample.items) / sample.seconds)
        }
        return rates.dropFirst().min() ?? 0
    }
}
