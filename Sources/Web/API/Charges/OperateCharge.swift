import Gateway
import Hummingbird
import Payments
import PostgreSQL
import Storage
import StrictJSON

/// `POST /v1/charges/{id}/capture`, `/cancel` and `/refunds`.
struct OperateCharge: Sendable {
    let operations: ChargeOperations
    let reading: ConnectionPool

    private static let bodyBytesMax = 16 * 1024

    func capture(_ call: Call) async throws -> Response {
        try await carryOut(call, "capture") { reader, asset throws(Problem) in
            .capture(try reader.optionalAmount(of: asset))
        }
    }

    func cancel(_ call: Call) async throws -> Response {
        try await carryOut(call, "cancel") { _, _ throws(Problem) in .cancel }
    }

    func refund(_ call: Call) async throws -> Response {
        try await carryOut(call, "refunds") { reader, asset throws(Problem) in
            .refund(try reader.optionalAmount(of: asset), reason: try reader.optionalText("reason", lengthMax: 500))
        }
    }

    /// The charge's currency, which says how its amounts are read, never changes.
    private func carryOut(
        _ call: Call,
        _ verb: String,
        _ read: (inout ObjectReader, Asset) throws(Problem) -> ChargeOperation
    ) async throws -> Response {
        let id = try call.identifier("id") { ChargeID($0) }
        let key = try IdempotencyKey(call.request.headers)
        let object = try await BodyReading.optionalObject(of: call.request, limit: OperateCharge.bodyBytesMax)
        guard let charge = try await ChargeReads.charge(id, on: reading) else { throw Problem(.notFound) }
        var reader = ObjectReader(object)
        let operation = try read(&reader, charge.order.amount.asset)
        try reader.finish()
        let request = try call.idempotent(key, "POST /v1/charges/\(id)/\(verb)", object)
        return try await .idempotent(operations.carryOut(operation, on: id, under: request))
    }
}
