import Gateway
import Hummingbird
import Payments
import PostgreSQL
import Storage

/// `GET /v1/charges/{id}/refunds`: all of them, in the order in which they were asked for.
struct ListRefunds: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { ChargeID($0) }
        let paging = try Paging(call)
        guard try await ChargeReads.charge(id, on: pool) != nil else { throw Problem(.notFound) }
        let refunds = try await RefundReads.list(
            ofCharge: id,
            after: try paging.after { RefundID($0) },
            limit: paging.limit + 1,
            on: pool
        )
        return paging.page(refunds, cursor: { $0.id.description }, render: RefundDocument.write)
    }
}

/// `GET /v1/refunds/{id}`.
struct GetRefund: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { RefundID($0) }
        guard let refund = try await RefundReads.refund(id, on: pool) else { throw Problem(.notFound) }
        return .bytes(RefundDocument.bytes(refund), contentType: "application/json")
    }
}

/// `GET /v1/charges/{id}/timeline`.
struct GetTimeline: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { ChargeID($0) }
        guard let charge = try await ChargeReads.charge(id, on: pool) else { throw Problem(.notFound) }
        return .json(TimelineDocument.json(try await TimelineReads.timeline(of: charge, on: pool)))
    }
}
