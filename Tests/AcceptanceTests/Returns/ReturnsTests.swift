import HTTPTypes
import StrictJSON
import TestSupport
import Testing

/// Captures, refunds, disputes, fees and settlements, through the program and a simulated Stripe.
@Suite("What follows a payment")
struct ReturnsTests {
    private static func refund(_ stage: Stage, _ charge: JSONValue, _ body: String) async throws -> Stage.Answer {
        try await stage.post("/v1/charges/\(charge["id"]?.string ?? "")/refunds", body)
    }

    @Test("held, taken in part, given back in part: one of each at Stripe, right books, all told in order, and a timeline of it")
    func life() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            let details = #""capture":"manual","payment_details":{"card_token":"pm_card_visa"}"#
            let charge = try await stage.createCharge(#"{"order_id":"o","amount":"1000.00","currency":"THB","method":"card",\#(details)}"#)
            let path = "/v1/charges/\(charge.json["id"]?.string ?? "")"
            #expect(charge.json["status"]?.string == "authorized")
            let captured = try await stage.post(path + "/capture", #"{"amount":"750.00"}"#)
            #expect(captured.status == 200 && captured.json["amount_captured"]?.string == "750.00")
            let first = try await stage.post(path + "/refunds", #"{"amount":"250.00","reason":"one less"}"#, key: "r")
            let again = try await stage.post(path + "/refunds", #"{"amount":"250.00","reason":"one less"}"#, key: "r")
            #expect(first.status == 200 && first.body == again.body && again.headers[.idempotencyReplayed] == "true")
            #expect(try await stage.post(path + "/refunds", #"{"amount":"500.01"}"#).code == "refund_amount_too_large")
            #expect(try await stage.post(path + "/refunds", nil).json["amount"]?.string == "500.00")
            #expect(try await stage.post(path + "/refunds", nil).code == "charge_not_refundable")
            #expect(try await stage.settled())
            let told = ["charge.authorized", "charge.succeeded", "refund.succeeded", "refund.succeeded"]
            #expect(try await stage.told(charge.json["id"]?.string, told))
            #expect(try await stage.balance("provider:stripe:clearing:THB") == "0.00")
            #expect(try await stage.booksAreRight())
            #expect(try await stage.get(path + "/refunds").json["data"]?.array?.count == 2)
            let kinds = try await stage.get(path + "/timeline").json["data"]?.array?.compactMap { $0["kind"]?.string } ?? []
            #expect(kinds.first == "request")
            #expect(Set(kinds) == ["request", "provider_call", "webhook", "ledger_entry", "notification"])
        }
    }

    @Test(
        "a refund whose outcome is not known is pending, then made once",
        arguments: ["error_500", "commit_500", "commit_reset", "html_200", "rate_limited"]
    )
    func unknownOutcome(mode: String) async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            let charge = try await stage.createCard()
            try await stage.control(stage.stripe("/_simulator/misbehaviour"), #"{"mode":"\#(mode)","count":1,"webhooks":{"drop":true}}"#)
            let refund = try await Self.refund(stage, charge, #"{"amount":"40.00"}"#)
            #expect([200, 202].contains(refund.status))
            let path = "/v1/refunds/\(refund.json["id"]?.string ?? "")"
            #expect(try await waitUntil(.seconds(90)) { try await stage.get(path).json["status"]?.string == "succeeded" })
            let state = try await stage.send(.get, stage.stripe("/_simulator/state")).json
            #expect(state["refunded"]?["thb"]?.int64 == 4000)
            #expect(try await stage.balance("provider:stripe:clearing:THB", becomes: "200.00"))
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("killed while Stripe gives money back: the next gateway ends it, and the key gets its answer")
    func killed() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, first in
            let charge = try await stage.createCard()
            let path = "/v1/charges/\(charge["id"]?.string ?? "")/refunds"
            try await stage.control(stage.stripe("/_simulator/misbehaviour"), #"{"hang_after_ms":60000,"count":1,"drop":true}"#)
            let order = Task { try await stage.post(path, #"{"amount":"40.00"}"#, key: "killed") }
            let state = stage.stripe("/_simulator/state")
            #expect(try await waitUntil(.seconds(90)) { try await stage.send(.get, state).json["refunded"]?["thb"]?.int64 == 4000 })
            first.send(9)
            await #expect(throws: (any Error).self) { try await order.value }
            let second = try await stage.startGateway()
            defer { second.send(9) }
            #expect(try await stage.balance("provider:stripe:clearing:THB", becomes: "200.00", within: .seconds(120)))
            let answer = try await stage.post(path, #"{"amount":"40.00"}"#, key: "killed")
            #expect(answer.status == 200 && answer.json["status"]?.string == "succeeded", "\(answer.status)")
            #expect(try await stage.get(path).json["data"]?.array?.count == 1)
            #expect(try await stage.send(.get, state).json["refunded"]?["thb"]?.int64 == 4000)
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("many refunds at once give back no more than was taken")
    func race() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            let charge = try await stage.createCard()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<12 { group.addTask { try await Self.refund(stage, charge, #"{"amount":"100.00"}"#).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 2 && statuses.count { $0 == 422 } == 10, "\(statuses)")
            #expect(try await stage.charge(charge["id"]?.string, becomes: "succeeded")["amount_refunded"]?.string == "200.00")
            #expect(try await stage.settled())
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("fees are booked when Stripe can tell them, a dispute takes money and gives it back, a settlement leaves and comes back")
    func moneyAround() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            try await stage.control(stage.stripe("/_simulator/settings"), #"{"fees":true}"#)
            let charge = try await stage.createCard()
            #expect(try await stage.balance("fees:stripe:THB", becomes: "18.76"))
            #expect(try await stage.balance("provider:stripe:clearing:THB") == "221.24")
            let dispute = try await stage.dispute(charge, #","fee":5000"#)
            #expect(try await stage.balance("disputes:stripe:THB", becomes: "240.00"))
            #expect(try await stage.balance("fees:stripe:THB") == "68.76")
            let refused = try await Self.refund(stage, charge, "{}")
            #expect(refused.json["status"]?.string == "failed" && refused.json["failure"]?["provider_code"]?.string == "charge_disputed")
            try await stage.control(stage.stripe("/_simulator/resolve_dispute"), #"{"dispute":"\#(dispute)","status":"won"}"#)
            #expect(try await stage.balance("disputes:stripe:THB", becomes: "0.00"))
            let payout = try await stage.control(stage.stripe("/_simulator/payout"), #"{"amount":10000}"#).json["id"]?.string ?? ""
            #expect(try await stage.balance("provider:stripe:in-transit:THB", becomes: "100.00"))
            for status in ["paid", "failed"] {
                try await stage.control(stage.stripe("/_simulator/settle_payout"), #"{"payout":"\#(payout)","status":"\#(status)"}"#)
            }
            #expect(try await stage.balance("provider:stripe:in-transit:THB", becomes: "0.00"))
            #expect(try await stage.balance("provider:stripe:clearing:THB") == "171.24")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a lost dispute is written off against the order")
    func lost() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            let charge = try await stage.createCard()
            let dispute = try await stage.dispute(charge, #","amount":10000"#)
            try await stage.control(stage.stripe("/_simulator/resolve_dispute"), #"{"dispute":"\#(dispute)","status":"lost"}"#)
            #expect(try await stage.told(charge["id"]?.string, ["charge.succeeded", "dispute.opened", "dispute.lost"]))
            #expect(try await stage.balance("orders:payable:THB") == "140.00")
            #expect(try await stage.balance("disputes:stripe:THB") == "0.00")
            #expect(try await Self.refund(stage, charge, #"{"amount":"140.01"}"#).code == "refund_amount_too_large")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("Stripe's own PromptPay, where no bank of ours is set up: its QR, its refund that waits for the customer")
    func promptPay() async throws {
        let changes = ["PROMPTPAY_BILLER_ID": "", "PROMPTPAY_WEBHOOK_SECRET": ""]
        try await Stage.run(changes: changes, simulators: ["order-core", "stripe"]) { stage, _ in
            let body = #"{"order_id":"o","amount":"150.00","currency":"THB","method":"promptpay","metadata":{"email":"buyer@example.com"}}"#
            let charge = try await stage.createCharge(body).json
            #expect(charge["provider"]?.string == "stripe" && charge["status"]?.string == "requires_action")
            #expect(charge["next_action"]?["type"]?.string == "display_qr" && charge["next_action"]?["expires_at"]?.string != nil)
            let intent = charge["provider_reference"]?.string ?? ""
            try await stage.control(stage.stripe("/_simulator/pay"), #"{"payment_intent":"\#(intent)"}"#)
            #expect(try await stage.charge(charge["id"]?.string, becomes: "succeeded")["amount_captured"]?.string == "150.00")
            let refund = try await Self.refund(stage, charge, "{}")
            #expect(refund.status == 202 && refund.json["status"]?.string == "requires_action")
            let name = refund.json["provider_reference"]?.string ?? ""
            try await stage.control(stage.stripe("/_simulator/complete_refund"), #"{"refund":"\#(name)"}"#)
            #expect(try await stage.balance("provider:stripe:clearing:THB", becomes: "0.00"))
            #expect(try await stage.booksAreRight())
        }
    }
}
