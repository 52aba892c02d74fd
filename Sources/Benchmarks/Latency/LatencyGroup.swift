import Cryptography
import Foundation
import Simulators
import Synchronization

/// Memory of a gateway that has nothing to do, and how long single webhooks take when little is going on.
struct LatencyGroup {
    private static let perSecond = 20.0
    private static let orderCoreSecret = "whsec_" + Base64.encode(Array("a secret of the benchmark's own".utf8))

    let options: MeasureOptions

    func run() async throws -> MeasuredGroup {
        try await BenchmarkServer.with { server in
            try await server.withDatabase("ours") { database in
                let arrivals = Arrivals()
                let port = try FreePort.find()
                let orderCore = OrderCoreSimulator(host: "127.0.0.1", port: port, secrets: [SecretText(LatencyGroup.orderCoreSecret)]) {
                    arrivals.note($0)
                }
                return try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { try await orderCore.run() }
                    defer { tasks.cancelAll() }
                    return try await measure(database, arrivals, orderCorePort: port)
                }
            }
        }
    }

    private func measure(_ database: BenchmarkDatabase, _ arrivals: Arrivals, orderCorePort: Int) async throws -> MeasuredGroup {
        let gateway = try await GatewayProcess(
            database: database.connectionString,
            settings: [
                "ORDER_CORE_WEBHOOK_URL": "http://127.0.0.1:\(orderCorePort)/webhooks/truvapay",
                "ORDER_CORE_WEBHOOK_SECRET": LatencyGroup.orderCoreSecret,
            ]
        )
        defer { gateway.stop() }
        var group = MeasuredGroup(name: "latency", conditions: try await Conditions.ofServer(database.pool))
        try await Task.sleep(for: .seconds(5))
        group.values.append(MeasuredValue("resident memory of the gateway when idle", gateway.residentMegabytes.now, "MB", limit: 60))
        _ = try await send(20, to: gateway, database)
        let (payments, outcome) = try await send(Int(LatencyGroup.perSecond * 10), to: gateway, database)
        let told = try await arrivals.times(of: payments.map { "\($0.charge)" })
        let untilTold = zip(told, outcome.begun).map { ($0 - $1) * 1000 }
        for (name, values, limit) in [("stored and answered", outcome.milliseconds, 3.0), ("the order core was told", untilTold, 20)] {
            for (part, title) in [(0.5, "p50"), (0.99, "p99")] {
                let value = Figure.quantile(values, part) ?? 0
                group.values.append(
                    MeasuredValue("20 webhooks a second, until \(name), \(title)", value, "ms", limit: part == 0.5 ? limit : nil)
                )
            }
        }
        return group
    }

    private func send(
        _ count: Int,
        to gateway: GatewayProcess,
        _ database: BenchmarkDatabase
    ) async throws -> ([PreparedPayment], LoadGenerator.Outcome) {
        let payments = try await PreparedPayments.insertCharges(count, on: database.pool)
        let requests = try StripeEvents().requests(for: payments)
        let load = LoadGenerator(port: gateway.port, connections: 4)
        return (payments, try await load.send(requests, perSecond: LatencyGroup.perSecond))
    }
}

/// When the order core heard of which charge.
private final class Arrivals: Sendable {
    private let times = Mutex<[String: Double]>([:])

    func note(_ notification: ReceivedNotification) {
        let now = SteadyTime.now()
        guard let charge = notification.chargeID else { return }
        times.withLock { $0[charge] = $0[charge] ?? now }
    }

    /// Waits until it has heard of all of them.
    func times(of charges: [String]) async throws -> [Double] {
        for _ in 0..<100 {
            let found = times.withLock { times in charges.compactMap { times[$0] } }
            if found.count == charges.count { return found }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw BenchmarkError("the order core was not told of every charge")
    }
}
