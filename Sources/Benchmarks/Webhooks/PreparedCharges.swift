import Payments
import PostgreSQL
import Storage

/// Card charges that wait for Stripe's word.
enum PreparedCharges {
    private static let batch = 5000

    /// Writes new charges.
    static func insert(_ count: Int, on database: BenchmarkDatabase) async throws -> [Charge] {
        var charges: [Charge] = []
        for _ in 0..<count { charges.append(charge()) }
        for start in stride(from: 0, to: count, by: batch) {
            for command in ChargeStore.insert(Array(charges[start..<min(count, start + batch)])) {
                _ = try await database.pool.execute(command.statement, command.parameters)
            }
        }
        return charges
    }

    private static func charge() -> Charge {
        var random = SystemRandomNumberGenerator()
        let now = Timestamp(seconds: 1_795_320_000)
        let order = ChargeOrder(orderID: "benchmark", amount: Amount(minorUnits: 24_000, asset: .thb), method: .card)
        var charge = Charge(id: ChargeID(at: now, random: &random), order: order, provider: .stripe, createdAt: now)
        charge.providerReference = "pi_\(charge.id)"
        return charge
    }

    /// Whether a charge still waits for its event to be processed.
    static func isAnyOpen(on database: BenchmarkDatabase) async throws -> Bool {
        let statement = Statement("benchmark_open", "SELECT EXISTS (SELECT FROM charges WHERE status = 'processing')")
        return try await database.pool.execute(statement, []).rows.first?.bool(0) ?? false
    }
}
