import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import Synchronization

/// The access token of PayPal's API: one for the process, kept until a minute before its end, and fetched once however many wait for it.
///
/// developer.paypal.com/api/rest/authentication: a token for every call runs into the rate limit.
final class PayPalTokens: Sendable {
    /// What came of asking for a token.
    enum Outcome: Sendable {
        case token(SecretText)
        /// There is none, so nothing that needs one was sent.
        case none(reason: String, retryAfter: Duration?)
    }

    fileprivate struct State {
        var token: SecretText?
        var goodUntil = Timestamp(microseconds: .min)
        /// Those who wait for the fetch that is under way; nil when none is.
        var waiting: [CheckedContinuation<Outcome, Never>]?
    }

    fileprivate enum Turn {
        case ready(SecretText)
        case fetch
        case wait
    }

    private static let margin = Duration.seconds(60)
    private static let lifeMax: Int64 = 86_400
    /// How long a refused client id is not tried again.
    private static let pauseAfterRefusal = Duration.seconds(30)

    private let request: ProviderRequest
    private let state = Mutex(State())

    init(apiBase: String, clientID: String, clientSecret: SecretText) {
        var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .accept: "application/json"]
        headers[.authorization] = "Basic " + Base64.encode(Array("\(clientID):\(clientSecret.exposed)".utf8))
        request = ProviderRequest(
            method: .post,
            url: apiBase + "/v1/oauth2/token",
            headers: headers,
            body: Array("grant_type=client_credentials".utf8)
        )
    }

    /// A token that is good for a minute more.
    func token(at now: Timestamp, send: ProviderSend) async -> Outcome {
        switch state.withLock({ $0.turn(at: now) }) {
        case .ready(let token): return .token(token)
        case .wait:
            return await withCheckedContinuation { continuation in
                let ended = state.withLock { state -> Outcome? in
                    if state.waiting != nil {
                        state.waiting?.append(continuation)
                        return nil
                    }
                    // The fetch has ended since the turn was given.
                    return state.token.map { .token($0) } ?? .none(reason: "PayPal gave no access token", retryAfter: nil)
                }
                if let ended { continuation.resume(returning: ended) }
            }
        case .fetch:
            let (outcome, life) = PayPalTokens.read(await send(request))
            let waiting = state.withLock { state in
                if case .token(let token) = outcome {
                    state.token = token
                    state.goodUntil = now.advanced(by: life - PayPalTokens.margin)
                }
                defer { state.waiting = nil }
                return state.waiting ?? []
            }
            for continuation in waiting { continuation.resume(returning: outcome) }
            return outcome
        }
    }

    /// Forgets a token that PayPal has refused, unless another has taken its place.
    func forget(_ token: SecretText) {
        state.withLock { state in
            if state.token == token { state.token = nil }
        }
    }

    private static func read(_ answer: ProviderAnswer) -> (Outcome, life: Duration) {
        switch answer {
        case .notSent(let reason), .unknown(let reason):
            return (.none(reason: "no access token: \(reason)", retryAfter: nil), .zero)
        case .answered(200, _, let body):
            guard let value = try? JSONDocument(body, policy: .provider).root, let token = value["access_token"]?.string,
                !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
                let seconds = value["expires_in"]?.int64, seconds > 0
            else { return (.none(reason: "PayPal's token answer cannot be read", retryAfter: nil), .zero) }
            return (.token(SecretText(token)), .seconds(min(seconds, lifeMax)))
        case .answered(let status, let headers, _):
            let isRefused = status == 400 || status == 401 || status == 403
            let reason =
                isRefused ? "PayPal refuses our credentials (\(status))" : "PayPal answered \(status) instead of a token"
            let pause = isRefused ? pauseAfterRefusal : RetryAfter.read(headers)
            return (.none(reason: reason, retryAfter: pause), .zero)
        }
    }
}

extension PayPalTokens.State {
    fileprivate mutating func turn(at now: Timestamp) -> PayPalTokens.Turn {
        if let token, now < goodUntil { return .ready(token) }
        guard waiting == nil else { return .wait }
        waiting = []
        return .fetch
    }
}

/// The waiting time that an answer asks for.
enum RetryAfter {
    private static let secondsMax = 3600

    /// The seconds of `Retry-After`, at most an hour; dates are not read.
    static func read(_ headers: HTTPFields) -> Duration? {
        headers[.retryAfter].flatMap { Int($0) }.map { .seconds(min(max($0, 0), secondsMax)) }
    }
}
