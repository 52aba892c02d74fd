import Foundation

/// Winnings credited to wallets in bulk: until all are durable, and what memory the gateway takes meanwhile.
struct CreditGroup {
    private static let winners = 200_000
    private static let creditsPerCall = 10_000
    private static let connections = 4

    let options: MeasureOptions

    func run() async throws -> MeasuredGroup {
        try await BenchmarkServer.with { server in
            try await server.withDatabase("ours") { database in
                let gateway = try await GatewayProcess(database: database.connectionString)
                defer { gateway.stop() }
                var group = MeasuredGroup(name: "credits", conditions: try await Conditions.ofServer(database.pool))
                guard try await isServed(gateway) else {
                    group.notes.append("left out: this gateway has no POST /v1/wallet-credits")
                    return group
                }
                let parts = TakingPart(server: database.server, program: gateway.identifier)
                let contender = Contender("winners") { round in [try await measure(round, gateway, parts)] }
                group.figures = try await Rounds.run([contender], rounds: options.rounds)
                let rate = group.figures.first?.perSecond ?? 0
                group.values = [
                    MeasuredValue("200,000 winners credited", Double(CreditGroup.winners) / max(rate, 1), "s", limit: 8),
                    MeasuredValue("resident memory of the gateway at its highest", gateway.residentMegabytes.peak, "MB", limit: 300),
                ]
                return group
            }
        }
    }

    private func isServed(_ gateway: GatewayProcess) async throws -> Bool {
        var requests = PreparedRequests()
        requests.append(CreditGroup.request(batch: "trial", winners: 0..<1))
        let load = LoadGenerator(port: gateway.port, connections: 1)
        let outcome = try await load.send(requests, expected: 200...404)
        if outcome.statuses[404] != nil { return false }
        guard outcome.statuses.keys.allSatisfy({ $0 < 300 }) else { throw BenchmarkError("a credit was answered \(outcome.statuses.keys)") }
        return true
    }

    /// Credits winners that nobody knew before.
    private func measure(_ round: Int, _ gateway: GatewayProcess, _ parts: TakingPart) async throws -> Sample {
        var requests = PreparedRequests()
        let first = (round + 1) * CreditGroup.winners
        for start in stride(from: first, to: first + CreditGroup.winners, by: CreditGroup.creditsPerCall) {
            requests.append(CreditGroup.request(batch: "draw-\(round)", winners: start..<start + CreditGroup.creditsPerCall))
        }
        let load = LoadGenerator(port: gateway.port, connections: CreditGroup.connections)
        return try await Sample.taken("winners, \(CreditGroup.creditsPerCall) a call", parts) {
            _ = try await load.send(requests, expected: 200...202)
            return CreditGroup.winners
        }
    }

    private static func request(batch: String, winners: Range<Int>) -> [UInt8] {
        let credits = winners.map {
            "{\"reference\":\"ticket-\($0)\",\"customer_id\":\"customer-\($0)\",\"amount\":\"\($0 % 900 + 100).00\"}"
        }
        let body =
            "{\"batch_id\":\"\(batch)\",\"reason\":\"winnings\",\"currency\":\"THB\",\"credits\":[\(credits.joined(separator: ","))]}"
        return PreparedRequests.post(
            "/v1/wallet-credits",
            headers: ["Authorization: Bearer \(GatewayProcess.apiKey)", "Idempotency-Key: \(batch)-\(winners.lowerBound)"],
            body: Array(body.utf8)
        )
    }
}
