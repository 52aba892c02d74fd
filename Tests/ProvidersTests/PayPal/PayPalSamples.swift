import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import Synchronization
import TestSupport
import Testing

@testable import Providers

/// What the tests of PayPal share.
enum PayPalSamples {
    static let created = Timestamp(seconds: 1_795_320_000)

    /// A provider that nobody has configured but the test.
    static func provider(
        webhookID: String = "WH-1",
        apiBase: String = "https://api.test",
        certificateHosts: [String] = [],
        asksAPI: Bool = false,
        trust: TrustStore = TrustStore(roots: [], includesSystem: false)
    ) -> PayPalProvider {
        let access = PayPalAccess(
            clientID: "client",
            clientSecret: SecretText("secret"),
            webhookID: webhookID,
            apiBase: apiBase,
            certificateHosts: certificateHosts,
            asksAPI: asksAPI
        )
        return PayPalProvider(profile: ProviderProfile(name: .payPal, methods: [:]), access: access, trust: trust)
    }

    /// A network whose certificates come from a closure, and whose API is away unless another closure is it.
    static func network(
        api: @escaping ProviderSend = { _ in .notSent(reason: "no API here") },
        _ certificates: @escaping ProviderSend
    ) -> VerificationNetwork {
        VerificationNetwork(certificates: certificates, api: api)
    }

    /// A charge of 25.00 USD that waits.
    static func charge(capture: CaptureMode = .automatic, reference: String? = "5O190127TN364715T") -> Charge {
        let order = ChargeOrder(
            orderID: "o-1",
            amount: Amount(minorUnits: 2500, asset: .usd),
            method: .paypal,
            capture: capture,
            returnURL: "https://shop.example/back",
            expiresAt: created.advanced(by: .seconds(10_800))
        )
        var charge = Charge(id: ChargeID(value: 7), order: order, provider: .payPal, createdAt: created)
        charge.providerReference = reference
        return charge
    }

    /// A sample event's body.
    static func event(_ prefix: String) throws -> [UInt8] {
        let files = try Fixture.files("providers/paypal/samples", suffix: ".json")
        return try Fixture.bytes("providers/paypal/samples/\(try #require(files.first { $0.hasPrefix(prefix) }))")
    }

    /// The resource of a sample event, as the API would answer it.
    static func resource(_ prefix: String) throws -> JSONValue {
        try #require(try JSONValue.parse(event(prefix), policy: .provider)["resource"])
    }
}

/// An API that gives a token to whoever asks and answers other requests by their method and path, and remembers what it was asked.
final class ScriptedPayPal: Sendable {
    private struct State {
        var answers: [String: [ProviderAnswer]] = [:]
        var requests: [ProviderRequest] = []
    }

    private let state = Mutex(State())
    let base: String

    init(base: String = "https://api.test") {
        self.base = base
    }

    /// Lets the next request like `GET /v2/…` be answered so; the last answer of a request stays.
    func answer(_ request: String, _ answer: ProviderAnswer) {
        state.withLock { $0.answers[request, default: []].append(answer) }
    }

    /// Lets a request be answered by a JSON value.
    func answer(_ request: String, _ body: JSONValue, status: Int = 200) {
        answer(request, .answered(status: status, headers: [:], body: body.serialized()))
    }

    /// Lets a request be refused for an issue.
    func refuse(_ request: String, _ issue: String, status: Int = 422) {
        answer(request, ["name": "UNPROCESSABLE_ENTITY", "details": [["issue": .string(issue)]], "debug_id": "d1"], status: status)
    }

    /// The requests so far but those for tokens, as method and path.
    var asked: [String] {
        requests.map { name(of: $0) }.filter { !$0.hasSuffix("/oauth2/token") }
    }

    var requests: [ProviderRequest] { state.withLock { $0.requests } }

    var send: ProviderSend {
        { request in
            let name = self.name(of: request)
            return self.state.withLock { state in
                state.requests.append(request)
                if var answers = state.answers[name], let first = answers.first {
                    if answers.count > 1 { answers.removeFirst() }
                    state.answers[name] = answers
                    return first
                }
                if name.hasSuffix("/oauth2/token") {
                    let body: JSONValue = ["access_token": "token-1", "token_type": "Bearer", "expires_in": 32_400]
                    return .answered(status: 200, headers: [:], body: body.serialized())
                }
                let body: JSONValue = ["name": "RESOURCE_NOT_FOUND", "details": [["issue": "INVALID_RESOURCE_ID"]]]
                return .answered(status: 404, headers: [:], body: body.serialized())
            }
        }
    }

    private func name(of request: ProviderRequest) -> String {
        "\(request.method.rawValue) \(request.url.dropFirst(base.count))"
    }
}
