package import Payments
package import PostgreSQL

/// What lists of charges may be narrowed by.
package struct ChargeFilter: Sendable {
    package var orderID: String?
    package var customerID: String?
    package var status: ChargeStatus?
    package var method: ChargeMethod?

    /// Narrows nothing.
    package init() {}
}

/// Charges for those who look.
package enum ChargeReads {
    /// One charge.
    package static func charge(_ id: ChargeID, on pool: ConnectionPool) async throws -> Charge? {
        let command = ChargeStore.find(ids: [id])
        return try ChargeStore.decode(try await pool.execute(command.statement, command.parameters)).first
    }

    /// Charges newest first, those before `after`.
    package static func list(_ filter: ChargeFilter, after: ChargeID?, limit: Int, on pool: ConnectionPool) async throws -> [Charge] {
        let result = try await pool.execute(
            selectCharges,
            [
                .optional(filter.orderID) { .text($0) }, .optional(filter.customerID) { .text($0) },
                .optional(filter.status) { .text($0.rawValue) }, .optional(filter.method) { .text($0.rawValue) },
                .optional(after) { .uuid($0.value) }, .int64(Int64(limit)),
            ]
        )
        return try ChargeStore.decode(result)
    }

    private static let selectCharges = Statement(
        "charges_list",
        """
        SELECT \(ChargeColumns.list) FROM charges c
        WHERE ($1::text IS NULL OR c.order_id = $1) AND ($2::text IS NULL OR c.customer_id = $2)
            AND ($3::text IS NULL OR c.status = $3) AND ($4::text IS NULL OR c.method = $4) AND ($5::uuid IS NULL OR c.id < $5)
        ORDER BY c.id DESC LIMIT $6
        """
    )
}
