import Cryptography
import Gateway
import HTTPTypes
import Hummingbird
import Payments

/// `POST /v1/wallet-credits`.
struct CreateWalletCredits: Sendable {
    let credits: WalletCredits

    private static let bodyBytesMax = 5 * 1024 * 1024

    func answer(_ call: Call) async throws -> Response {
        guard let caller = call.caller else { throw Problem(.unauthorized) }
        let key = try IdempotencyKey(call.request.headers)
        let object = try await BodyReading.uncheckedObject(of: call.request, limit: CreateWalletCredits.bodyBytesMax)
        let batch = try WalletCreditReader.call(object)
        let fingerprint = SHA256.digest(parts: [Array("POST /v1/wallet-credits\n".utf8), batch.canonicalBytes])
        let request = IdempotentRequest(caller: caller.keyID, key: key.text, fingerprint: fingerprint)
        switch try await credits.credit(batch, under: request) {
        case .answered(let results): return WalletCreditAnswer(call: batch, results: results).response(isReplay: false)
        case .replayed(let results): return WalletCreditAnswer(call: batch, results: results).response(isReplay: true)
        case .running: throw Problem(.idempotencyKeyInProgress, headers: [.retryAfter: "1"])
        case .keyReused: throw Problem(.idempotencyKeyReused)
        }
    }
}
