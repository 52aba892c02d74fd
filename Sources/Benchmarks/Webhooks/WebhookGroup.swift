import Foundation
import Payments
import PostgreSQL

/// Stripe's webhooks through the gateway, beside a handler in Node on the same server.
struct WebhookGroup {
    let options: MeasureOptions

    /// Node takes a tenth of what the gateway takes; rounds of the same length need as many fewer events.
    private var nodeEvents: Int { max(2000, options.events / 8) }

    func run() async throws -> MeasuredGroup {
        // Tells when each event was committed; it costs the server a little.
        try await BenchmarkServer.with(extraSettings: ["track_commit_timestamp": "on"]) { server in
            try await server.withDatabase("ours") { database in
                let gateway = try await GatewayProcess(database: database.connectionString)
                defer { gateway.stop() }
                let events = try StripeEvents()
                let webhooks = GatewayWebhooks(gateway: gateway, database: database, events: events)
                _ = try await webhooks.measure(WebhookShape.all[0], events: 5000)
                return try await beside(webhooks, server)
            }
        }
    }

    private func beside(_ webhooks: GatewayWebhooks, _ server: BenchmarkServer) async throws -> MeasuredGroup {
        let database = webhooks.database
        var group = MeasuredGroup(name: "webhooks", conditions: try await Conditions.ofServer(database.pool))
        let ours = WebhookShape.all.map { webhooks.contender($0, events: options.events) }
        switch await NodeHandler.versions(modules: options.nodeModules) {
        case .failure(let reason):
            group.notes.append("Node: left out, \(reason)")
            group.figures = try await Rounds.run(ours, rounds: options.rounds)
        case .success(let versions):
            group.conditions.add("comparator", versions)
            let connectionString = try server.createDatabase(NodeWebhooks.database)
            try Replay.script(String(contentsOfFile: "scripts/benchmarks/node-schema.sql", encoding: .utf8), on: connectionString)
            group = try await BenchmarkServer.withPool(connectionString, setup: []) { pool in
                let node = NodeWebhooks(server: server, modules: options.nodeModules, pool: pool, events: webhooks.events)
                return try await interleaved(ours, node, group)
            }
        }
        group.ratios = WebhookGroup.ratios(group.figures)
        group.figures += try await paced(webhooks, group.figures)
        group.values.append(MeasuredValue("resident memory of the gateway at its highest", webhooks.gateway.residentMegabytes.peak, "MB"))
        return group
    }

    private func interleaved(_ ours: [Contender], _ node: NodeWebhooks, _ begun: MeasuredGroup) async throws -> MeasuredGroup {
        var group = begun
        let fullPath = try await best(of: node, path: "/webhooks/stripe", "full path", &group)
        let ingest = try await best(of: node, path: "/ingest", "ingest", &group)
        let theirs = WebhookShape.all.flatMap { shape in
            [
                Contender(shape.nodeFullPathName) { _ in
                    [
                        try await node.measure(
                            shape.nodeFullPathName,
                            shape,
                            path: "/webhooks/stripe",
                            way: fullPath,
                            events: nodeEvents
                        )
                    ]
                },
                Contender(shape.nodeIngestName) { _ in
                    [try await node.measure(shape.nodeIngestName, shape, path: "/ingest", way: ingest, events: nodeEvents)]
                },
            ]
        }
        group.figures = try await Rounds.run(ours + theirs, rounds: options.rounds)
        return group
    }

    /// Tries every way of running Node shortly; the rounds are run with the best.
    private func best(of node: NodeWebhooks, path: String, _ what: String, _ group: inout MeasuredGroup) async throws -> NodeHandler.Way {
        var best: (way: NodeHandler.Way, rate: Double) = (NodeHandler.ways[0], 0)
        let shape = WebhookShape(connections: 64, duplicatePercent: 0)
        for way in NodeHandler.ways {
            let sample = try await node.measure("trial", shape, path: path, way: way, events: 2000)
            let rate = Double(sample.items) / sample.seconds
            group.trials.append(Trial(name: "Node \(what), \(way.name)", perSecond: rate))
            if rate > best.rate { best = (way, rate) }
        }
        return best.way
    }

    /// The durations of single webhooks at seven tenths of the limit, where they mean something.
    private func paced(_ webhooks: GatewayWebhooks, _ figures: [Figure]) async throws -> [Figure] {
        let shape = WebhookShape(connections: 64, duplicatePercent: 0)
        guard let limit = figures.first(where: { $0.name == shape.fullPathName })?.perSecond else { return [] }
        let inbox = InboxAccess(pool: webhooks.database.pool)
        let begin = WallTime.now().microseconds
        var samples = try await webhooks.measure(shape, events: options.events, perSecond: limit * 0.7)
        samples[1].milliseconds = try await inbox.millisecondsUntilCommit(since: begin)
        return zip(samples, ["ingest at 70 % of the full path's limit", "full path at 70 % of its limit"]).map { Figure(name: $1, [$0]) }
    }

    private static func ratios(_ figures: [Figure]) -> [Ratio] {
        WebhookShape.all.flatMap { shape in
            [
                Ratio("ingest to Node, \(shape.name)", figures, shape.ingestName, by: shape.nodeFullPathName, aim: 10),
                Ratio("ingest to Node that only ingests, \(shape.name)", figures, shape.ingestName, by: shape.nodeIngestName),
                Ratio("full path to Node, \(shape.name)", figures, shape.fullPathName, by: shape.nodeFullPathName, aim: 5),
            ]
        }.compactMap { $0 }
    }
}
