import Gateway
import Hummingbird

/// `POST /v1/charges`.
struct CreateCharge: Sendable {
    let charges: ChargeRequests

    private static let bodyBytesMax = 64 * 1024

    func answer(_ call: Call) async throws -> Response {
        let key = try IdempotencyKey(call.request.headers)
        let object = try await BodyReading.object(of: call.request, limit: CreateCharge.bodyBytesMax)
        let request = try ChargeRequestReader.read(object)
        return try await .idempotent(charges.create(request, under: try call.idempotent(key, "POST /v1/charges", object)))
    }
}
