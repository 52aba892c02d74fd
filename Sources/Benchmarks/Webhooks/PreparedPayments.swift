import Payments
import PostgreSQL
import Storage

/// A payment that waits for Stripe's word.
struct PreparedPayment: Sendable {
    let charge: ChargeID
    /// Stripe's name for it.
    let reference: String

    /// A new one.
    init() {
        var random = SystemRandomNumberGenerator()
        charge = ChargeID(at: WallTime.now(), random: &random)
        reference = "pi_\(charge)"
    }
}

/// Writes payments into the databases of those that are compared.
enum PreparedPayments {
    private static let batch = 5000

    /// Card charges as the gateway has them after Stripe took the card.
    static func insertCharges(_ count: Int, on pool: ConnectionPool) async throws -> [PreparedPayment] {
        try await insert(count) { payments in
            for command in ChargeStore.insert(payments.map(charge)) { _ = try await pool.execute(command.statement, command.parameters) }
        }
    }

    /// Unpaid orders as the handler of the guide has them.
    static func insertOrders(_ count: Int, on pool: ConnectionPool) async throws -> [PreparedPayment] {
        try await insert(count) { payments in
            _ = try await pool.execute(insertOrders, [.texts(payments.map { "\($0.charge)" }), .texts(payments.map(\.reference))])
        }
    }

    private static func insert(_ count: Int, _ write: ([PreparedPayment]) async throws -> Void) async throws -> [PreparedPayment] {
        let payments = (0..<count).map { _ in PreparedPayment() }
        for start in stride(from: 0, to: count, by: batch) { try await write(Array(payments[start..<min(count, start + batch)])) }
        return payments
    }

    private static func charge(_ payment: PreparedPayment) -> Charge {
        let order = ChargeOrder(orderID: "benchmark", amount: Amount(minorUnits: 24_000, asset: .thb), method: .card)
        var charge = Charge(id: payment.charge, order: order, provider: .stripe, createdAt: WallTime.now())
        charge.providerReference = payment.reference
        return charge
    }

    private static let insertOrders = Statement(
        "benchmark_insert_orders",
        """
        INSERT INTO orders (id, payment_id, user_id, total_amount, status)
        SELECT id, payment_id, 1 + floor(random() * 10000)::int, 24000, 'PENDING' FROM unnest($1::text[], $2::text[]) AS d(id, payment_id)
        """
    )
}
