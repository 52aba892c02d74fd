import Gateway
import Hummingbird
import Payments
import PostgreSQL
import Storage

/// `GET /v1/charges/{id}`.
struct GetCharge: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { ChargeID($0) }
        guard let charge = try await ChargeReads.charge(id, on: pool) else { throw Problem(.notFound) }
        return .bytes(ChargeDocument.bytes(charge), contentType: "application/json")
    }
}
