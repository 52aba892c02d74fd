import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

extension ContractTour {
    /// Bodies that the contract itself forbids.
    private static let forbidden = [
        "[]", #"{\#(good),"surprise":1}"#, #"{"amount":"1.00","currency":"THB","method":"promptpay"}"#,
        #"{"order_id":"","amount":"1.00","currency":"THB","method":"promptpay"}"#,
        #"{"order_id":7,"amount":"1.00","currency":"THB","method":"promptpay"}"#,
        #"{"order_id":"o","amount":150,"currency":"THB","method":"promptpay"}"#,
        #"{"order_id":"o","amount":"\#(String(repeating: "1", count: 65))","currency":"THB","method":"promptpay"}"#,
        #"{"order_id":"\#(String(repeating: "o", count: 256))","amount":"1.00","currency":"THB","method":"promptpay"}"#,
        #"{\#(good),"currency":"\#(String(repeating: "T", count: 17))"}"#.replacingOccurrences(of: #""currency":"THB","#, with: ""),
        #"{\#(good),"capture":"later"}"#, #"{\#(good),"expires_in":0}"#, #"{\#(good),"expires_in":1.5}"#,
        #"{\#(good),"expires_in":31536001}"#, #"{\#(good),"return_url":"javascript:alert(1)"}"#,
        #"{\#(good),"return_url":"https://shop.example/a b"}"#, #"{\#(good),"payment_details":{"number":"x"}}"#,
        #"{\#(good),"payment_details":{"card_token":""}}"#, #"{\#(good),"metadata":{"a":1}}"#, #"{\#(good),"metadata":{"":"a"}}"#,
        #"{\#(good),"metadata":{"\#(String(repeating: "n", count: 41))":"a"}}"#,
        #"{\#(good),"metadata":{"a":"\#(String(repeating: "v", count: 501))"}}"#,
        #"{\#(good),"metadata":{\#((0..<51).map { "\"\($0)\":\"\"" }.joined(separator: ","))}}"#,
    ]

    /// Every way in which a request for a charge is refused while nothing is broken.
    func refusedCharges() async throws {
        for body in Self.forbidden {
            #expect(try await traffic.create(stage, body).code == "invalid_request", "\(body.prefix(100))")
        }
        for body in ["{", #"{\#(Self.good),"metadata":{"pan":"4242424242424242"}}"#] {
            #expect(try await traffic.create(stage, body).status == 400)
        }
        #expect(try await traffic.create(stage, "{\(Self.good)}", key: nil).code == "idempotency_key_missing")
        #expect(try await traffic.create(stage, "{\(Self.good)}", contentType: "text/plain").status == 415)
        #expect(try await traffic.create(stage, #"{"order_id":"\#(String(repeating: "o", count: 66_000))"}"#).status == 413)
        #expect(try await traffic.create(stage, "{\(Self.good)}", key: "first").code == "idempotency_key_reused")
        #expect(try await traffic.create(stage, "{\(Self.card)}").code == "card_token_missing")
        #expect(try await traffic.create(stage, #"{"order_id":"o","amount":"0","currency":"THB","method":"card"}"#).status == 422)
        try await runningKey()
    }

    /// The same key again while Stripe lets the first request wait.
    private func runningKey() async throws {
        try await stage.control(stage.stripe("/_control/behaviour"), #"{"mode":"hang","count":1,"hang_ms":4000}"#)
        let body = #"{\#(Self.card),"payment_details":{"card_token":"pm_card_visa"}}"#
        let before = try await stage.requestsAtStripe()
        async let first = traffic.create(stage, body, key: "running")
        #expect(try await waitUntil(.seconds(90)) { try await stage.requestsAtStripe() > before })
        #expect(try await traffic.create(stage, body, key: "running").code == "idempotency_key_in_progress")
        #expect(try await first.status == 201)
    }

    /// Without a key, with a key that may nothing of it, for what is not there, with nonsense in the query, without Host.
    func refusedEverywhere(_ names: Names) async throws {
        let narrow = try await key(scope: "payouts:write")
        let narrower = try await key(scope: "charges:read")
        for (method, path) in Self.guarded(names) {
            #expect(try await traffic.send(stage, method, path, bearer: nil).status == 401)
            #expect(
                try await traffic.send(stage, method, path, bearer: path.hasPrefix("/v1/withdrawals/") ? narrower : narrow).status == 403,
                "\(method) \(path)"
            )
        }
        let zeros = "00000000000000000000000000"
        for unknown in [
            Names(
                charge: "nonsense",
                refund: "nonsense",
                event: "nonsense",
                notification: "nonsense",
                books: BookNames(account: "nonsense", entry: "nonsense", manual: "nonsense")
            ),
            Names(
                charge: "ch_\(zeros)",
                refund: "re_\(zeros)",
                event: "evt_\(zeros)",
                notification: "ntf_\(zeros)",
                books: BookNames(account: "no:account", entry: "je_\(zeros)", manual: "man_\(zeros)")
            ),
        ] {
            for path in Self.namedToRead(unknown) { #expect(try await traffic.send(stage, .get, path).code == "not_found", "\(path)") }
            for (method, path) in Self.operated(unknown) + Self.operations(unknown) + Self.decisions(unknown.books).map({ (.post, $0) }) {
                #expect(try await attempt(method, path).code == "not_found", "\(method) \(path)")
            }
        }
        let refunds = "/v1/charges/\(names.charge)/refunds"
        let lists = ["/v1/charges", "/v1/webhook-events", "/v1/notifications", refunds] + Self.bookLists.dropLast()
        for path in lists.map({ $0 + "?limit=0" }) + lists.prefix(3).map({ $0 + "?status=nonsense" }) {
            #expect(try await traffic.send(stage, .get, path).status == 400)
        }
        for form in ["png", "svg"] {
            #expect(try await traffic.send(stage, .get, "/v1/charges/\(names.charge)/qr.\(form)?size=1").status == 400)
        }
        let open: [(HTTPRequest.Method, String)] = ["/health/live", "/health/ready", "/metrics", "/openapi.yaml"].map { (.get, $0) }
        for (method, path) in Self.guarded(names) + open + [(.post, "/webhooks/stripe"), (.post, "/webhooks/stripe/address")] {
            let request = "\(method.rawValue) \(path) HTTP/1.1\r\nConnection: close\r\n\r\n"
            let answer = try await RawExchange.send([request], port: stage.ports.gateway)
            #expect(answer.code == "host_missing", "\(path)")
            traffic.keep(method.rawValue, path, sent: nil, answer)
        }
    }

    /// Bodies of which the last byte comes too late.
    func slowBodies() async throws {
        let headers = """
            Host: gateway.example\r\nAuthorization: Bearer \(Stage.key)\r\nIdempotency-Key: slow\r\nContent-Type: application/json\r
            Content-Length: 2\r\n\r\n{
            """
        try await withThrowingTaskGroup(of: Void.self) { group in
            let manual = BookNames(account: "", entry: "", manual: "man_00000000000000000000000000")
            let operations = ["capture", "cancel", "refunds"].map { "/v1/charges/ch_00000000000000000000000000/\($0)" }
            let slips = "/v1/charges/ch_00000000000000000000000000/slips"
            for path in ["/v1/charges", slips, "/webhooks/stripe", "/webhooks/stripe/address"] + operations + Self.bookPosts(manual) {
                group.addTask {
                    let parts = ["POST \(path) HTTP/1.1\r\n\(headers)", "}"]
                    let answer = try await RawExchange.send(parts, pause: .milliseconds(10_500), port: stage.ports.gateway)
                    #expect(answer.code == "request_timeout", "\(path)")
                    traffic.keep("POST", path, sent: nil, answer)
                }
            }
            try await group.waitForAll()
        }
    }

    /// One request of each kind while every one is expected to be put off with this status.
    func putOff(_ status: Int, _ names: Names) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (method, path) in Self.guarded(names) {
                group.addTask {
                    let answer = try await attempt(method, path)
                    #expect(answer.status == status && answer.headers[.retryAfter] != nil, "\(method) \(path): \(answer.status)")
                }
            }
            try await group.waitForAll()
        }
    }

    func key(scope: String) async throws -> String {
        let made = try ChildProcess(
            Stage.program,
            ["keys", "create", "--name", "narrow", "--scope", scope],
            environment: stage.environment
        )
        #expect(try await made.end() == 0)
        return try #require(try await made.line(containing: "tvp_"))
    }
}
