package import Payments
package import PostgreSQL

/// Refunds for those who look.
package enum RefundReads {
    /// One refund.
    package static func refund(_ id: RefundID, on pool: ConnectionPool) async throws -> Refund? {
        let command = RefundStore.find(ids: [id])
        return try RefundStore.decode(try await pool.execute(command.statement, command.parameters)).first
    }

    /// A charge's refunds in the order in which they were asked for, those behind `after`.
    package static func list(ofCharge id: ChargeID, after: RefundID?, limit: Int, on pool: ConnectionPool) async throws -> [Refund] {
        let command = RefundStore.find(ofCharge: id)
        let refunds = try RefundStore.decode(try await pool.execute(command.statement, command.parameters))
        return Array(refunds.filter { refund in after.map { refund.id > $0 } ?? true }.prefix(limit))
    }
}
