import Cryptography
import HTTPTypes
import Payments
import StrictJSON

/// A call of PayPal's API before it has a token.
struct PayPalCall: Sendable {
    let method: HTTPRequest.Method
    /// Path and query.
    let path: String
    var body: [UInt8] = []
    /// The idempotency key; calls that change nothing have none.
    var requestID: String?
}

/// What PayPal answered.
enum PayPalAnswer: Sendable {
    /// 2xx, with its body where there is one.
    case done(JSONElement?)
    /// A definite no.
    case refused(PayPalIssue)
    /// The call may have had its effect or will have it soon: ask again with the same key.
    case unknown(reason: String, retryAfter: Duration?)
    /// The call certainly had no effect; repeat it later.
    case notDone(reason: String, retryAfter: Duration?)
}

/// Why PayPal refuses a call; docs: "branch on status, then on `details[0].issue`".
struct PayPalIssue: Sendable {
    let status: Int
    /// `details[0].issue`, or the coarse `name` where there is none.
    let code: String
    /// Where the payer shall go, when PayPal says so.
    let redirectURL: String?
    /// The payouts batch that was made before under the same name, when PayPal links to one.
    var earlierBatch: PayPalID?

    var isNotFound: Bool { status == 404 }
}

/// Sends calls with the process's token and sorts the answers.
struct PayPalCalls: Sendable {
    private let apiBase: String
    private let tokens: PayPalTokens

    init(apiBase: String, tokens: PayPalTokens) {
        self.apiBase = apiBase
        self.tokens = tokens
    }

    /// Makes a call; a token that PayPal does not know any more is replaced once.
    func make(_ call: PayPalCall, at now: Timestamp, send: ProviderSend) async -> PayPalAnswer {
        for isLast in [false, true] {
            let token: SecretText
            switch await tokens.token(at: now, send: send) {
            case .token(let fresh): token = fresh
            case .none(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
            }
            let answer = await send(request(call, token))
            guard case .answered(401, _, _) = answer else { return PayPalCalls.sort(answer) }
            tokens.forget(token)
            if isLast { break }
        }
        return .notDone(reason: "PayPal refuses the access token", retryAfter: .seconds(30))
    }

    private func request(_ call: PayPalCall, _ token: SecretText) -> ProviderRequest {
        var headers: HTTPFields = [.authorization: "Bearer \(token.exposed)", .accept: "application/json"]
        if call.method == .post {
            headers[.contentType] = "application/json"
            headers[.prefer] = "return=representation"
        }
        if let requestID = call.requestID { headers[.payPalRequestID] = requestID }
        return ProviderRequest(method: call.method, url: apiBase + call.path, headers: headers, body: call.body)
    }

    private static func sort(_ answer: ProviderAnswer) -> PayPalAnswer {
        switch answer {
        case .notSent(let reason): return .notDone(reason: reason, retryAfter: nil)
        case .unknown(let reason): return .unknown(reason: reason, retryAfter: nil)
        case .answered(let status, let headers, let body):
            let value = try? JSONDocument(body, policy: .provider).root
            switch status {
            case 200...299:
                guard body.isEmpty || value != nil else { return .unknown(reason: "PayPal's answer is no JSON", retryAfter: nil) }
                return .done(value)
            case 429: return .notDone(reason: "PayPal limits the rate", retryAfter: RetryAfter.read(headers))
            case 408, 409, 500...599:
                return .unknown(reason: "PayPal answered \(status)", retryAfter: RetryAfter.read(headers))
            case 400...499:
                // A page of somebody in between is no answer of PayPal's.
                guard let issue = issue(status, value) else {
                    return .unknown(reason: "PayPal answered \(status) without an error", retryAfter: nil)
                }
                return .refused(issue)
            default: return .unknown(reason: "PayPal answered \(status)", retryAfter: nil)
            }
        }
    }

    private static func issue(_ status: Int, _ value: JSONElement?) -> PayPalIssue? {
        guard let value, let name = value["name"]?.string else { return nil }
        let code = value["details"]?.array?.first?["issue"]?.string ?? name
        return PayPalIssue(
            status: status,
            code: code,
            redirectURL: PayPalLink.address(in: value, rel: ["redirect", "payer-action"]),
            earlierBatch: PayPalPayouts.batch(linkedIn: value)
        )
    }
}

/// The `links` of PayPal's objects, found by what they are and never by where they stand.
enum PayPalLink {
    /// The address of the first link of one of these kinds.
    static func address(in object: JSONElement, rel: [String]) -> String? {
        let links = object["links"]?.array ?? []
        return links.first { link in link["rel"]?.string.map(rel.contains) ?? false }?["href"]?.string
    }
}
