import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import Synchronization
import Testing

@testable import Providers

@Suite("PayPal's access token")
struct PayPalTokensTests {
    private let now = PayPalSamples.created
    private let order = "GET /v2/checkout/orders/1"

    private func calls() -> PayPalCalls {
        PayPalCalls(
            apiBase: "https://api.test",
            tokens: PayPalTokens(apiBase: "https://api.test", clientID: "client", clientSecret: SecretText("secret"))
        )
    }

    private func token(_ text: String, seconds: Int64 = 32_400) -> JSONValue {
        ["access_token": .string(text), "token_type": "Bearer", "expires_in": .number(JSONNumber(seconds))]
    }

    private func tokenRequests(_ api: ScriptedPayPal) -> Int {
        api.requests.filter { $0.url.hasSuffix("/oauth2/token") }.count
    }

    private func isDone(_ answer: PayPalAnswer) -> Bool { if case .done = answer { true } else { false } }

    @Test("one token serves many callers who come at once, and is asked for as PayPal wants it")
    func sharing() async throws {
        let api = ScriptedPayPal()
        api.answer(order, ["id": "1"])
        let calls = calls()
        let slow: ProviderSend = { request in
            await Task.yield()
            return await api.send(request)
        }
        let done = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask { [now] in
                    isDone(await calls.make(PayPalCall(method: .get, path: "/v2/checkout/orders/1"), at: now, send: slow))
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(done == 100 && tokenRequests(api) == 1)
        let request = try #require(api.requests.first { $0.url.hasSuffix("/oauth2/token") })
        #expect(request.headers[.authorization] == "Basic Y2xpZW50OnNlY3JldA==")
        #expect(String(decoding: request.body, as: UTF8.self) == "grant_type=client_credentials")
        #expect(api.requests.last?.headers[.authorization] == "Bearer token-1")
    }

    @Test("a token is kept until a minute before its end")
    func life() async {
        let api = ScriptedPayPal()
        api.answer(order, ["id": "1"])
        api.answer("POST /v1/oauth2/token", token("a", seconds: 600))
        api.answer("POST /v1/oauth2/token", token("b", seconds: 600))
        let calls = calls()
        for (seconds, expected) in [(0, 1), (539, 1), (540, 2), (700, 2)] {
            let at = now.advanced(by: .seconds(seconds))
            #expect(isDone(await calls.make(PayPalCall(method: .get, path: "/v2/checkout/orders/1"), at: at, send: api.send)))
            #expect(tokenRequests(api) == expected, "after \(seconds) s")
        }
        #expect(api.requests.last?.headers[.authorization] == "Bearer b")
    }

    @Test("a token that PayPal has forgotten is replaced once, and no more")
    func forgotten() async {
        let api = ScriptedPayPal()
        let refusal = ProviderAnswer.answered(status: 401, headers: [:], body: Array(#"{"error":"invalid_token"}"#.utf8))
        api.answer(order, refusal)
        api.answer(order, ["id": "1"])
        let calls = calls()
        #expect(isDone(await calls.make(PayPalCall(method: .get, path: "/v2/checkout/orders/1"), at: now, send: api.send)))
        #expect(tokenRequests(api) == 2 && api.asked.count == 2)

        let stubborn = ScriptedPayPal()
        stubborn.answer(order, refusal)
        guard case .notDone = await calls.make(PayPalCall(method: .get, path: "/v2/checkout/orders/1"), at: now, send: stubborn.send) else {
            Issue.record("a call that PayPal will not take is not left")
            return
        }
        #expect(stubborn.asked.count == 2)
    }

    @Test(
        "without a token nothing is sent",
        arguments: [
            .answered(status: 401, headers: [:], body: Array(#"{"error":"invalid_client"}"#.utf8)), .notSent(reason: "away"),
            .unknown(reason: "timed out"), .answered(status: 200, headers: [:], body: Array("{}".utf8)),
            .answered(status: 200, headers: [:], body: Array("<html>".utf8)), .answered(status: 503, headers: [:], body: []),
            .answered(status: 200, headers: [:], body: Array(#"{"access_token":"a b","expires_in":9}"#.utf8)),
        ] as [ProviderAnswer]
    )
    func without(answer: ProviderAnswer) async {
        let api = ScriptedPayPal()
        api.answer("POST /v1/oauth2/token", answer)
        guard case .notDone(let reason, _) = await calls().make(PayPalCall(method: .get, path: "/x"), at: now, send: api.send) else {
            Issue.record("a call without a token")
            return
        }
        #expect(api.asked.isEmpty && !reason.isEmpty && !reason.contains("secret"))
    }

    @Test(
        "answers are sorted by what they prove",
        arguments: [
            (200, #"{"id":"1"}"#, "done"), (201, "{}", "done"), (204, "", "done"), (200, "<html>", "unknown"), (404, "<html>", "unknown"),
            (404, #"{"name":"RESOURCE_NOT_FOUND"}"#, "refused"), (422, #"{"name":"X","details":[{"issue":"Y"}]}"#, "refused"),
            (409, #"{"name":"RESOURCE_CONFLICT"}"#, "unknown"), (429, #"{"name":"RATE_LIMIT_REACHED"}"#, "notDone"),
            (500, #"{"name":"X"}"#, "unknown"), (502, "<html>", "unknown"), (302, "", "unknown"), (400, "[]", "unknown"),
            (403, #"{"name":"NOT_AUTHORIZED","details":[{"issue":"PERMISSION_DENIED"}]}"#, "refused"),
        ]
    )
    func sorting(status: Int, body: String, kind: String) async {
        let api = ScriptedPayPal()
        api.answer(order, .answered(status: status, headers: [:], body: Array(body.utf8)))
        let answer = await calls().make(PayPalCall(method: .get, path: "/v2/checkout/orders/1"), at: now, send: api.send)
        let found =
            switch answer {
            case .done: "done"
            case .refused: "refused"
            case .unknown: "unknown"
            case .notDone: "notDone"
            }
        #expect(found == kind)
    }
}
