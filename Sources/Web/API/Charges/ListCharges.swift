import Gateway
import Hummingbird
import Payments
import PostgreSQL
import Storage

/// `GET /v1/charges`.
struct ListCharges: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let paging = try Paging(call)
        var filter = ChargeFilter()
        filter.orderID = call.query("order_id")
        filter.customerID = call.query("customer_id")
        filter.status = try call.queryValue("status", ChargeStatus.init(rawValue:))
        filter.method = try call.queryValue("method", ChargeMethod.init(rawValue:))
        let charges = try await ChargeReads.list(filter, after: try paging.after { ChargeID($0) }, limit: paging.limit + 1, on: pool)
        return paging.page(charges, cursor: { $0.id.description }, render: ChargeDocument.write)
    }
}
