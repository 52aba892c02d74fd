import PostgreSQL

/// How webhooks are offered.
struct WebhookShape: Sendable {
    let connections: Int
    /// Of a hundred events, so many come twice.
    let duplicatePercent: Int

    static let all = [32, 64].flatMap { connections in
        [0, 30].map { WebhookShape(connections: connections, duplicatePercent: $0) }
    }

    var name: String {
        "\(connections) connections" + (duplicatePercent == 0 ? "" : ", \(duplicatePercent) % duplicates")
    }

    var ingestName: String { "ingest, \(name)" }
    var fullPathName: String { "full path, \(name)" }
    var nodeIngestName: String { "Node ingest, \(name)" }
    var nodeFullPathName: String { "Node full path, \(name)" }
}

/// The gateway under webhooks: until the answer, and until charge, ledger and outbox are committed.
struct GatewayWebhooks: Sendable {
    let gateway: GatewayProcess
    let database: BenchmarkDatabase
    let events: StripeEvents

    private var parts: TakingPart { TakingPart(server: database.server, program: gateway.identifier) }

    /// One load in two samples.
    func contender(_ shape: WebhookShape, events count: Int) -> Contender {
        Contender(shape.name) { _ in try await measure(shape, events: count) }
    }

    /// Sends new events and waits until all they cause is done; each is paid for exactly once.
    func measure(_ shape: WebhookShape, events count: Int, perSecond: Double? = nil) async throws -> [Sample] {
        let inbox = InboxAccess(pool: database.pool)
        let payments = try await PreparedPayments.insertCharges(count, on: database.pool)
        let requests = events.requests(for: payments).withDuplicates(percent: shape.duplicatePercent)
        let paidBefore = try await inbox.paidCount()
        let load = LoadGenerator(port: gateway.port, connections: shape.connections)
        let before = parts.times()
        let start = ContinuousClock.now
        let outcome = try await load.send(requests, perSecond: perSecond)
        let answered = parts.times()
        try await inbox.waitUntilProcessed()
        let seconds = (ContinuousClock.now - start).inSeconds
        let done = parts.times()
        guard try await inbox.paidCount() == paidBefore + Int64(count) else { throw BenchmarkError("not every payment was booked once") }
        return [
            Sample(
                name: shape.ingestName,
                items: requests.count,
                seconds: outcome.seconds,
                milliseconds: outcome.milliseconds,
                processor: answered - before
            ),
            Sample(name: shape.fullPathName, items: requests.count, seconds: seconds, processor: done - before),
        ]
    }
}

/// The handler in Node under the same webhooks; it answers when all is done.
struct NodeWebhooks: Sendable {
    let server: BenchmarkServer
    let modules: String?
    let pool: ConnectionPool
    let events: StripeEvents

    static let database = "node"

    /// Runs one load against a handler that is started for it and has been warmed up.
    func measure(
        _ name: String,
        _ shape: WebhookShape,
        path: String,
        way: NodeHandler.Way,
        events count: Int
    ) async throws -> Sample {
        let handler = try await NodeHandler(way, server: server, database: NodeWebhooks.database, modules: modules)
        defer { handler.stop() }
        let load = LoadGenerator(port: handler.port, connections: shape.connections)
        let warmUp = try await PreparedPayments.insertOrders(1000, on: pool)
        _ = try await load.send(events.requests(for: warmUp, path: path))
        let payments = try await PreparedPayments.insertOrders(count, on: pool)
        let requests = events.requests(for: payments, path: path).withDuplicates(percent: shape.duplicatePercent)
        let parts = TakingPart(server: server.process, program: handler.identifier)
        var milliseconds: [Double] = []
        var sample = try await Sample.taken(name, parts) {
            milliseconds = try await load.send(requests).milliseconds
            return requests.count
        }
        sample.milliseconds = milliseconds
        return sample
    }
}
