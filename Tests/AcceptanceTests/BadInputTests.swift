import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("Bad input")
struct BadInputTests {
    private static let good = #""order_id":"o","amount":"150.00","currency":"THB","method":"promptpay""#

    /// A body, the status and the code that it gets.
    private static let bodies: [(String, Int, String)] = [
        ("", 400, "malformed_json"), ("{", 400, "malformed_json"), ("[]", 400, "invalid_request"), ("null", 400, "invalid_request"),
        ("{\(good),}", 400, "malformed_json"), (#"{\#(good),"order_id":"p"}"#, 400, "malformed_json"),
        (#"{\#(good),"metadata":{"a":"\u0000"}}"#, 400, "malformed_json"),
        (#"{\#(good),"metadata":{"a":"\ud800"}}"#, 400, "malformed_json"),
        ("\u{FEFF}{\(good)}", 400, "malformed_json"), (String(repeating: "[", count: 10_000), 400, "malformed_json"),
        (#"{\#(good),"surprise":1}"#, 400, "invalid_request"),
        (#"{"amount":"1.00","currency":"THB","method":"promptpay"}"#, 400, "invalid_request"),
        (#"{"order_id":"","amount":"1.00","currency":"THB","method":"promptpay"}"#, 400, "invalid_request"),
        (#"{"order_id":7,"amount":"1.00","currency":"THB","method":"promptpay"}"#, 400, "invalid_request"),
        (#"{"order_id":"o","amount":150,"currency":"THB","method":"promptpay"}"#, 400, "invalid_request"),
        (#"{"order_id":"o","amount":"0.00","currency":"THB","method":"promptpay"}"#, 422, "invalid_amount"),
        (#"{"order_id":"o","amount":"-1.00","currency":"THB","method":"promptpay"}"#, 422, "invalid_amount"),
        (#"{"order_id":"o","amount":"1.005","currency":"THB","method":"promptpay"}"#, 422, "invalid_amount"),
        (#"{"order_id":"o","amount":"1e3","currency":"THB","method":"promptpay"}"#, 422, "invalid_amount"),
        (
            #"{"order_id":"o","amount":"99999999999999999999999999999999999999999","currency":"THB","method":"promptpay"}"#, 422,
            "invalid_amount"
        ),
        (#"{"order_id":"o","amount":"2000000.01","currency":"THB","method":"promptpay"}"#, 422, "amount_too_large"),
        (#"{"order_id":"o","amount":"1.00","currency":"USD","method":"promptpay"}"#, 422, "currency_not_supported"),
        (#"{"order_id":"o","amount":"1.00","currency":"XXX","method":"promptpay"}"#, 422, "unknown_currency"),
        (#"{"order_id":"o","amount":"1.00","currency":"thb","method":"promptpay"}"#, 422, "unknown_currency"),
        (#"{"order_id":"o","amount":"1.00","currency":"THB","method":"cash"}"#, 422, "unknown_method"),
        (#"{"order_id":"o","amount":"1.00","currency":"THB","method":"paypal"}"#, 422, "method_unavailable"),
        (#"{"order_id":"o","amount":"20.00","currency":"THB","method":"card"}"#, 422, "card_token_missing"),
        (
            #"{"order_id":"o","amount":"9.99","currency":"THB","method":"card","payment_details":{"card_token":"pm_1"}}"#, 422,
            "amount_too_small"
        ),
        (#"{\#(good),"payment_details":{"card_token":"pm_1"}}"#, 422, "card_token_not_allowed"),
        (#"{\#(good),"capture":"manual"}"#, 422, "capture_not_supported"), (#"{\#(good),"capture":"later"}"#, 400, "invalid_request"),
        (#"{\#(good),"expires_in":0}"#, 400, "invalid_request"), (#"{\#(good),"expires_in":1.5}"#, 400, "invalid_request"),
        (#"{\#(good),"expires_in":86401}"#, 422, "expiry_too_long"),
        (#"{\#(good),"return_url":"javascript:alert(1)"}"#, 400, "invalid_request"),
        (#"{\#(good),"metadata":{"a":1}}"#, 400, "invalid_request"),
        (#"{\#(good),"metadata":{"pan":"4242 4242 4242 4242"}}"#, 400, "card_number_refused"),
        (#"{"order_id":"4111111111111111","amount":"1.00","currency":"THB","method":"promptpay"}"#, 400, "card_number_refused"),
    ]

    @Test("every malformed or unacceptable body gets its status and code, and nothing is written")
    func bodies() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            for (body, status, code) in Self.bodies {
                let answer = try await stage.createCharge(body)
                #expect(answer.status == status && answer.code == code, "\(body.prefix(100)): \(answer.status) \(answer.code ?? "-")")
                #expect(answer.headers[.contentType] == "application/problem+json")
                #expect(answer.json["status"]?.int64 == Int64(answer.status))
            }
            let binary = try await stage.send(
                .post,
                stage.gatewayURL + "/v1/charges",
                headers: [
                    .authorization: "Bearer \(Stage.key)", .contentType: "application/json", .idempotencyKey: "k",
                ],
                body: Array(#"{"order_id":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
            )
            #expect(binary.status == 400 && binary.code == "malformed_json")
            let large = try await stage.createCharge(#"{\#(Self.good),"order_number":"\#(String(repeating: "x", count: 9_000_000))"}"#)
            #expect(large.status == 413 && large.code == "body_too_large")
            #expect(try await stage.get("/v1/charges").json["data"]?.array?.isEmpty == true)
            #expect(try await stage.get("/v1/notifications").json["data"]?.array?.isEmpty == true)
        }
    }

    @Test("keys, scopes, addresses and methods")
    func access() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let body = "{\(Self.good)}"
            #expect(try await stage.createCharge(body, key: nil).code == "idempotency_key_missing")
            #expect(try await stage.createCharge(body, key: String(repeating: "k", count: 256)).code == "idempotency_key_invalid")
            let stranger = try await stage.createCharge(body, token: "tvp_nobody")
            #expect(stranger.status == 401 && stranger.headers[.wwwAuthenticate] == "Bearer")
            let made = try ChildProcess(
                Stage.program,
                ["keys", "create", "--name", "reader", "--scope", "charges:read"],
                environment: stage.environment
            )
            #expect(try await made.end() == 0)
            let reader = try #require(try await made.line(containing: "tvp_"))
            let refused = try await stage.createCharge(body, token: reader)
            #expect(refused.status == 403 && refused.code == "scope_missing")
            #expect(
                try await stage.send(.get, stage.gatewayURL + "/v1/charges", headers: [.authorization: "Bearer \(reader)"]).status == 200
            )
            #expect(
                try await stage.send(.get, stage.gatewayURL + "/v1/ledger/accounts", headers: [.authorization: "Bearer \(reader)"]).status
                    == 403
            )
            #expect(try await stage.get("/v1/charges/ch_nonsense").status == 404)
            #expect(try await stage.get("/v1/charges/ch_00000000000000000000000000").code == "not_found")
            #expect(try await stage.get("/nowhere").code == "route_not_found")
            let wrong = try await stage.send(.delete, stage.gatewayURL + "/v1/charges", headers: [.authorization: "Bearer \(Stage.key)"])
            #expect(wrong.status == 405 && wrong.headers[.allow] == "GET, POST")
            let form = try await stage.send(
                .post,
                stage.gatewayURL + "/v1/charges",
                headers: [.authorization: "Bearer \(Stage.key)", .idempotencyKey: "k", .contentType: "text/plain"],
                body: Array(body.utf8)
            )
            #expect(form.status == 415)
        }
    }

    @Test("one key makes one charge: forty at once, again, quoted, and with another body")
    func idempotency() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            for body in [
                "{\(Self.good)}",
                #"{"order_id":"o","amount":"20.00","currency":"THB","method":"card","payment_details":{"card_token":"pm_card_visa"}}"#,
            ] {
                let key = "key-\(body.count)"
                let answers = try await withThrowingTaskGroup(of: Stage.Answer.self) { group in
                    for _ in 0..<40 { group.addTask { try await stage.createCharge(body, key: key) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let created = answers.filter { $0.status == 201 }
                #expect(!created.isEmpty && Set(created.map(\.body)).count == 1)
                #expect(answers.allSatisfy { $0.status == 201 || ($0.status == 409 && $0.code == "idempotency_key_in_progress") })
                let again = try await stage.createCharge(body, key: "\"\(key)\"")
                #expect(again.status == 201 && again.body == created.first?.body)
                #expect(again.headers[.idempotencyReplayed] == "true")
                let other = try await stage.createCharge(body.replacingOccurrences(of: "\"o\"", with: "\"p\""), key: key)
                #expect(other.status == 422 && other.code == "idempotency_key_reused")
            }
            #expect(try await stage.get("/v1/charges").json["data"]?.array?.count == 2)
            let captures = try await stage.send(.get, stage.stripe("/_control/state")).json["captures_by_charge"]?.object?.members ?? []
            #expect(captures.count == 1 && captures.first?.value.int64 == 1)
        }
    }
}
