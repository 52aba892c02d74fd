import Cryptography
import Gateway
import HTTPTypes
import Hummingbird
import StrictJSON

/// `POST /v1/charges`.
struct CreateCharge: Sendable {
    let charges: ChargeRequests

    private static let bodyBytesMax = 64 * 1024

    func answer(_ call: Call) async throws -> Response {
        guard let caller = call.caller else { throw Problem(.unauthorized) }
        let key = try IdempotencyKey(call.request.headers)
        let object = try await BodyReading.object(of: call.request, limit: CreateCharge.bodyBytesMax)
        let request = try ChargeRequestReader.read(object)
        let canonical = Array("POST /v1/charges\n".utf8) + JSONValue.object(object).serializedSorted()
        let idempotency = IdempotentRequest(caller: caller.keyID, key: key.text, fingerprint: SHA256.digest(canonical))
        switch try await charges.create(request, under: idempotency) {
        case .answered(let answer): return CreateCharge.response(answer, isReplay: false)
        case .replayed(let answer): return CreateCharge.response(answer, isReplay: true)
        case .running: throw Problem(.idempotencyKeyInProgress, headers: [.retryAfter: "1"])
        case .keyReused: throw Problem(.idempotencyKeyReused)
        }
    }

    private static func response(_ answer: KeptAnswer, isReplay: Bool) -> Response {
        var response = Response.bytes(answer.body, contentType: answer.contentType, status: HTTPResponse.Status(code: answer.status))
        if isReplay { response.headers[.idempotencyReplayed] = "true" }
        return response
    }
}
