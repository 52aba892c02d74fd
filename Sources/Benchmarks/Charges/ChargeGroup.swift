import Foundation

/// Charges by PromptPay with their QR, as the order core asks for them.
struct ChargeGroup {
    static let connections = 64

    let options: MeasureOptions

    func run() async throws -> MeasuredGroup {
        try await BenchmarkServer.with { server in
            try await server.withDatabase("ours") { database in
                let gateway = try await GatewayProcess(database: database.connectionString)
                defer { gateway.stop() }
                _ = try await measure(1000, gateway, database)
                var group = MeasuredGroup(name: "charges", conditions: try await Conditions.ofServer(database.pool))
                let contender = Contender("PromptPay charge with QR") { _ in [try await measure(options.events / 4, gateway, database)] }
                group.figures = try await Rounds.run([contender], rounds: options.rounds)
                group.values.append(MeasuredValue("resident memory of the gateway at its highest", gateway.residentMegabytes.peak, "MB"))
                group.notes.append("aim: at least 3000 charges a second")
                return group
            }
        }
    }

    private func measure(_ count: Int, _ gateway: GatewayProcess, _ database: BenchmarkDatabase) async throws -> Sample {
        var requests = PreparedRequests()
        for _ in 0..<count { requests.append(ChargeGroup.request()) }
        let load = LoadGenerator(port: gateway.port, connections: ChargeGroup.connections)
        var milliseconds: [Double] = []
        let parts = TakingPart(server: database.server, program: gateway.identifier)
        var sample = try await Sample.taken("PromptPay charge with QR, \(ChargeGroup.connections) connections", parts) {
            milliseconds = try await load.send(requests, expected: 200...201).milliseconds
            return count
        }
        sample.milliseconds = milliseconds
        return sample
    }

    private static func request() -> [UInt8] {
        let order = UUID().uuidString
        let amount = String(format: "%d.%02d", Int.random(in: 20...2000), Int.random(in: 0...99))
        let body = "{\"order_id\":\"\(order)\",\"amount\":\"\(amount)\",\"currency\":\"THB\",\"method\":\"promptpay\"}"
        return PreparedRequests.post(
            "/v1/charges",
            headers: ["Authorization: Bearer \(GatewayProcess.apiKey)", "Idempotency-Key: \(order)"],
            body: Array(body.utf8)
        )
    }
}
