import HTTPTypes
import StrictJSON
import TestSupport
import Testing

extension ContractTour {
    static let withdrawalRequest = "/v1/wallets/c-1/withdrawals"

    static func withdrawalDecisions(_ names: BookNames) -> [String] {
        ["approve", "reject", "cancel"].map { "/v1/withdrawals/\(names.withdrawal)/\($0)" }
    }

    static func withdrawal(_ amount: String = "1.00", _ more: String = "", to destination: String = Stage.winner) -> String {
        #"{"amount":"\#(amount)","currency":"THB","destination":"\#(destination)"\#(more)}"#
    }

    /// Withdrawals that are approved, rejected and left waiting; returns the last.
    func withdrawals() async throws -> String {
        let other = try await key(scope: "payouts:write")
        try await stage.payPalOrder("next", #"{"payouts":["UNCLAIMED"]}"#)
        var ids: [String] = []
        for number in [0, 0, 1, 2] {
            let body = Self.withdrawal("\(number + 1).00")
            let asked = try await traffic.create(stage, body, at: Self.withdrawalRequest, key: "withdrawal-\(number)")
            #expect(asked.status == 201, "\(String(decoding: asked.body, as: UTF8.self))")
            if number == ids.count { ids.append(asked.json["id"]?.string ?? "") }
        }
        for (id, verb) in zip(ids, ["approve", "reject"]) {
            for _ in 0..<2 {
                let path = "/v1/withdrawals/\(id)/\(verb)"
                #expect(try await traffic.create(stage, #"{"reason":"seen"}"#, at: path, key: verb, bearer: other).status == 200)
            }
        }
        try await stage.withdrawal(ids[0], becomes: "in_transit")
        for _ in 0..<2 {
            let path = "/v1/withdrawals/\(ids[0])/cancel"
            #expect(try await traffic.create(stage, "{}", at: path, key: "cancel", bearer: other).status == 202)
        }
        try await stage.withdrawal(ids[0], becomes: "failed")
        #expect(try await traffic.create(stage, "{}", at: "/v1/withdrawals/\(ids[0])/cancel").code == "withdrawal_not_cancelable")
        for verb in ["approve", "reject", "cancel"] {
            let path = "/v1/withdrawals/\(ids[2])/\(verb)"
            let own = verb == "cancel" ? "withdrawal_not_cancelable" : "second_person_required"
            #expect(try await traffic.create(stage, "{}", at: path).code == own)
            #expect(try await traffic.create(stage, "{}", at: path, key: verb, bearer: other).code == "idempotency_key_reused")
            #expect(try await traffic.create(stage, #"{"x":1}"#, at: path, bearer: other).code == "invalid_request")
            #expect(try await traffic.create(stage, "{}", at: path, contentType: "text/plain", bearer: other).status == 415)
            let long = #"{"reason":"\#(String(repeating: "r", count: 17_000))"}"#
            #expect(try await traffic.create(stage, long, at: path, bearer: other).status == 413)
            guard verb != "cancel" else { continue }
            let decided = "/v1/withdrawals/\(ids[0])/\(verb)"
            #expect(try await traffic.create(stage, "{}", at: decided, bearer: other).code == "already_decided")
        }
        for query in ["?status=rejected&limit=1", "?customer_id=c-1&limit=1"] {
            #expect(try await traffic.send(stage, .get, "/v1/withdrawals" + query).status == 200)
        }
        return ids[2]
    }

    /// Every way in which a withdrawal is refused while nothing is broken.
    func refusedWithdrawals() async throws {
        let path = Self.withdrawalRequest
        for body in ["[]", "{}", Self.withdrawal("1.00", #","x":1"#), Self.withdrawal(to: "")] {
            #expect(try await traffic.create(stage, body, at: path).code == "invalid_request", "\(body)")
        }
        #expect(try await traffic.create(stage, "{", at: path).code == "malformed_json")
        #expect(try await traffic.create(stage, Self.withdrawal(), at: path, key: nil).code == "idempotency_key_missing")
        #expect(try await traffic.create(stage, Self.withdrawal(), at: path, contentType: "text/plain").status == 415)
        let long = Self.withdrawal(to: String(repeating: "r", count: 17_000))
        #expect(try await traffic.create(stage, long, at: path).status == 413)
        for (body, code) in [
            (Self.withdrawal("99.00"), "would_exceed_balance"), (Self.withdrawal("0.01"), "amount_too_small"),
            (Self.withdrawal(to: "paypal:nobody"), "invalid_destination"), (Self.withdrawal(to: "bank:1"), "destination_not_supported"),
        ] {
            #expect(try await traffic.create(stage, body, at: path).code == code)
        }
        #expect(try await traffic.create(stage, Self.withdrawal("9.00"), at: path, key: "withdrawal-0").code == "idempotency_key_reused")
    }
}
