import HTTPTypes
import Payments
import StrictJSON

/// What an answer of Stripe's API says about whether the request took effect.
enum StripeReply {
    /// It did; the object as it now is.
    case object(JSONElement)
    /// It did not and never will under this key: an error with its code.
    case refused(JSONValue)
    /// It may have; the reason is for logs. `isAnswered` tells whether Stripe, or somebody in between, said so.
    case unknown(reason: String, retryAfter: Duration?, isAnswered: Bool)
    /// It did not, and may later.
    case notDone(reason: String, retryAfter: Duration?)

    /// docs.stripe.com/error-low-level: 2xx and 402 are definite, 4xx too but for 409, 424 and 429; 5xx is unknown.
    ///
    /// `Stripe-Should-Retry` overrides that. An `idempotency_error` says that the key was used with other parameters, so something may
    /// have happened under it.
    init(_ answer: ProviderAnswer) {
        switch answer {
        case .notSent(let reason): self = .notDone(reason: reason, retryAfter: nil)
        case .unknown(let reason): self = .unknown(reason: reason, retryAfter: nil, isAnswered: false)
        case .answered(let status, let headers, let body): self.init(status, headers, try? JSONDocument(body, policy: .provider).root)
        }
    }

    private init(_ status: Int, _ headers: HTTPFields, _ value: JSONElement?) {
        let error = value?["error"]?.value
        let shouldRetry = headers[.stripeShouldRetry].flatMap { Bool($0) }
        var retryAfter = headers[.retryAfter].flatMap { Int($0) }.map { Duration.seconds(min(max($0, 0), 3600)) }
        // Told not to repeat, the object is looked up instead, and the same request waits a good while.
        if shouldRetry == false { retryAfter = max(retryAfter ?? .zero, .seconds(60)) }
        switch status {
        case 200...299:
            self = value.map { .object($0) } ?? .unknown(reason: "the answer is no object", retryAfter: nil, isAnswered: true)
        case 401, 403:
            self = .notDone(reason: "Stripe refuses the secret key (\(status))", retryAfter: .seconds(30))
        case 429:
            self = .notDone(reason: "Stripe limits the rate", retryAfter: retryAfter)
        case 400...499 where status != 409 && status != 424 && shouldRetry != true:
            guard let error, error["type"]?.string != "idempotency_error" else {
                self = .unknown(reason: "Stripe answered \(status) without a reason", retryAfter: retryAfter, isAnswered: true)
                return
            }
            self = .refused(error)
        default:
            self = .unknown(reason: "Stripe answered \(status)", retryAfter: retryAfter, isAnswered: true)
        }
    }

    /// The outcome when the reply is no object and no refusal.
    var uncertain: ProviderOutcome {
        switch self {
        case .object: .unknown(reason: "the answer could not be read", retryAfter: nil)
        case .refused(let error): .unknown(reason: "Stripe refused: \(error["code"]?.string ?? "no code")", retryAfter: nil)
        case .unknown(let reason, let retryAfter, _): .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): .notDone(reason: reason, retryAfter: retryAfter)
        }
    }

    /// Whether looking the object up can tell more than repeating the request.
    var isWorthLookingUp: Bool {
        if case .unknown(_, _, let isAnswered) = self { isAnswered } else { false }
    }
}
