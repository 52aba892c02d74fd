import Cryptography
import Gateway
import HTTPTypes
import Hummingbird
import Storage
import StrictJSON

extension Call {
    /// The request under its key; texts of the body that mean the same are the same request.
    ///
    /// - Throws: `Problem` on open routes, which have no caller.
    func idempotent(_ key: IdempotencyKey, _ route: String, _ object: JSONObject) throws(Problem) -> IdempotentRequest {
        guard let caller else { throw Problem(.unauthorized) }
        let canonical = Array("\(route)\n".utf8) + JSONValue.object(object).serializedSorted()
        return IdempotentRequest(caller: caller.keyID, key: key.text, fingerprint: SHA256.digest(canonical))
    }
}

extension Response {
    /// The answer to a request under a key.
    ///
    /// - Throws: `Problem` when there is none yet, or the key belongs to another request.
    static func idempotent(_ outcome: IdempotentOutcome) throws(Problem) -> Response {
        switch outcome {
        case .answered(let answer): return kept(answer, isReplay: false)
        case .replayed(let answer): return kept(answer, isReplay: true)
        case .running: throw Problem(.idempotencyKeyInProgress, headers: [.retryAfter: "1"])
        case .keyReused: throw Problem(.idempotencyKeyReused)
        }
    }

    private static func kept(_ answer: KeptAnswer, isReplay: Bool) -> Response {
        var response = Response.bytes(answer.body, contentType: answer.contentType, status: HTTPResponse.Status(code: answer.status))
        if isReplay { response.headers[.idempotencyReplayed] = "true" }
        return response
    }
}
