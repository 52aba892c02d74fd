import HTTPTypes
import StrictJSON
import TestSupport
import Testing

/// Coins from the request to the books, through the real gateway, its database and the simulated processor.
@Suite("Crypto")
struct CryptoTests {
    private static func stage(_ body: @Sendable (Stage) async throws -> Void) async throws {
        try await Stage.run(simulators: ["order-core", "crypto"]) { stage, _ in try await body(stage) }
    }

    @Test("shown, seen, confirmed by our policy: coins are held at the locked rate, baht are owed, everybody is told once")
    func life() async throws {
        try await Self.stage { stage in
            let charge = try await stage.createCrypto()
            let id = charge["id"]?.string
            let action = charge["next_action"]
            #expect(charge["status"]?.string == "requires_action" && action?["type"]?.string == "send_crypto")
            let address = action?["address"]?.string ?? ""
            #expect(address.hasPrefix("tb1q") && action?["uri"]?.string == "bitcoin:\(address)?amount=0.00002462")
            #expect(action?["qr_string"]?.string == action?["uri"]?.string && action?["expires_at"]?.string != nil)
            #expect(action?["amount"]?.string == "0.00002462" && action?["asset"]?.string == "BTC")
            #expect(try await stage.get("/v1/charges/\(id ?? "")/qr.png").status == 200)

            let transaction = try await stage.sendCoins(charge)
            #expect(try await stage.charge(id, becomes: "processing")["status"]?.string == "processing")
            try await stage.chain("confirm", ["tx": transaction, "n": 1])
            #expect(try await stage.settled())
            #expect(try await stage.get("/v1/charges/\(id ?? "")").json["status"]?.string == "processing")
            try await stage.chain("confirm", ["tx": transaction, "n": 2])
            #expect(try await stage.charge(id, becomes: "succeeded")["amount_captured"]?.string == "80.00")
            let refund = try await stage.post("/v1/charges/\(id ?? "")/refunds", "{}")
            #expect(refund.status == 422 && refund.code == "refund_not_supported")
            for _ in 0..<3 { try await stage.chain("redeliver", [:]) }
            #expect(try await stage.told(id, ["charge.requires_action", "charge.succeeded"]))
            #expect(try await stage.settled())
            #expect(try await stage.balance("provider:crypto:clearing:BTC") == "0.00002462")
            #expect(try await stage.balance("orders:payable:THB") == "80.00")
            #expect(try await stage.balance("provider:crypto:clearing:THB") == "0.00")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("webhooks twice, last first, or none at all: the same books")
    func webhooks() async throws {
        try await Self.stage { stage in
            let orders = [#"{"duplicate":3}"#, #"{"order":"reverse"}"#, #"{"drop":true}"#]
            for (index, order) in orders.enumerated() {
                try await stage.control(stage.crypto("/_simulator/misbehaviour"), #"{"webhooks":\#(order)}"#)
                // Without webhooks the end of the charge's time is when the invoice is looked at.
                let charge = try await stage.createCrypto("35.00", coin: "USDT", expiresIn: 15)
                let transaction = try await stage.sendCoins(charge)
                try await stage.chain("confirm", ["tx": transaction, "n": 40])
                try await stage.chain("flush", [:])
                #expect(try await stage.charge(charge["id"]?.string, becomes: "succeeded")["status"]?.string == "succeeded", "\(order)")
                #expect(try await stage.balance("orders:payable:THB") == "\(35 * (index + 1)).00")
            }
            // 35 / 32.57 is 1.0746085…, rounded up to the next millionth, three times.
            #expect(try await stage.balance("provider:crypto:clearing:USDT") == "3.223827")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("too much, a part, too late: suspense in coins, finance and the order core know, nothing is fulfilled by itself")
    func suspense() async throws {
        try await Self.stage { stage in
            let over = try await stage.createCrypto()
            let much = try await stage.sendCoins(over, units: "3000")
            try await stage.chain("confirm", ["tx": much, "n": 6])
            #expect(try await stage.charge(over["id"]?.string, becomes: "succeeded")["status"]?.string == "succeeded")
            #expect(try await stage.balance("suspense:crypto:BTC", becomes: "0.00000538"))

            let short = try await stage.createCrypto(expiresIn: 15)
            let part = try await stage.sendCoins(short, units: "1000")
            try await stage.chain("confirm", ["tx": part, "n": 6])
            #expect(try await stage.charge(short["id"]?.string, becomes: "expired")["amount_captured"]?.string == "0.00")
            #expect(try await stage.balance("suspense:crypto:BTC", becomes: "0.00001538"))

            let late = try await stage.createCrypto()
            try await stage.chain("expire", ["invoice": late["provider_reference"] ?? .null])
            #expect(try await stage.charge(late["id"]?.string, becomes: "expired")["status"]?.string == "expired")
            try await stage.chain("clock", ["advance": 10, "invoice": late["provider_reference"] ?? .null])
            let whole = try await stage.sendCoins(late)
            try await stage.chain("confirm", ["tx": whole, "n": 6])
            #expect(try await stage.balance("suspense:crypto:BTC", becomes: "0.00004000"))
            #expect(try await stage.get("/v1/charges/\(late["id"]?.string ?? "")").json["status"]?.string == "expired")
            #expect(try await stage.settled())
            let told = try await stage.get("/v1/notifications?limit=100").json["data"]?.array ?? []
            #expect(told.filter { $0["type"]?.string == "payment.unmatched" }.count == 3)
            #expect(try await stage.balance("provider:crypto:clearing:BTC") == "0.00006462")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a reorganisation after settlement is booked out and shown, and booked again when the payment is back")
    func reorganisation() async throws {
        try await Self.stage { stage in
            let charge = try await stage.createCrypto("100.00", coin: "ETH")
            let id = charge["id"]?.string
            #expect(charge["next_action"]?["uri"]?.string?.hasPrefix("ethereum:0x") == true)
            let transaction = try await stage.sendCoins(charge)
            try await stage.chain("confirm", ["tx": transaction, "n": 12])
            #expect(try await stage.charge(id, becomes: "succeeded")["amount_refunded"]?.string == "0.00")
            let held = try await stage.balance("provider:crypto:clearing:ETH")
            #expect(held == charge["next_action"]?["amount"]?.string)
            try await stage.chain("reorg", ["tx": transaction])
            #expect(try await stage.balance("provider:crypto:clearing:ETH", becomes: "0.000000000000000000"))
            #expect(try await stage.balance("orders:payable:THB") == "0.00")
            #expect(try await stage.get("/v1/charges/\(id ?? "")").json["amount_refunded"]?.string == "100.00")
            #expect(try await stage.booksAreRight())
            try await stage.chain("confirm", ["tx": transaction, "n": 12])
            #expect(try await stage.balance("provider:crypto:clearing:ETH", becomes: held))
            #expect(try await stage.balance("orders:payable:THB") == "100.00")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test(
        "whatever the processor answers, one invoice is shown and one capture is booked",
        arguments: ["error_500", "commit_500", "commit_reset", "html_200"]
    )
    func unknownOutcome(mode: String) async throws {
        try await Self.stage { stage in
            try await stage.control(stage.crypto("/_simulator/misbehaviour"), #"{"mode":"\#(mode)","count":2}"#)
            let charge = try await stage.createCrypto()
            let id = charge["id"]?.string
            let shown = try await stage.charge(id, becomes: "requires_action")
            #expect(shown["status"]?.string == "requires_action")
            let transaction = try await stage.sendCoins(shown)
            try await stage.chain("confirm", ["tx": transaction, "n": 2])
            #expect(try await stage.charge(id, becomes: "succeeded")["status"]?.string == "succeeded")
            #expect(try await stage.balance("provider:crypto:clearing:BTC") == "0.00002462")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a processor that fails is left alone after some tries, which health and metrics show, and its charges are done later")
    func circuit() async throws {
        try await Self.stage { stage in
            try await stage.control(stage.crypto("/_simulator/misbehaviour"), #"{"mode":"error_500"}"#)
            var charges: [JSONValue] = []
            for _ in 0..<8 { charges.append(try await stage.createCrypto()) }
            #expect(charges.allSatisfy { $0["status"]?.string == "processing" })
            let ready = try await stage.send(.get, stage.gatewayURL + "/health/ready")
            #expect(ready.status == 200 && ready.json["status"]?.string == "ready")
            #expect(["open", "half_open"].contains(ready.json["providers"]?["crypto"]?.string))
            #expect(try await stage.metric("truvapay_provider_circuit_open", ["provider": "crypto"], becomes: 1))
            try await stage.control(stage.crypto("/_simulator/misbehaviour"), #"{"mode":"normal"}"#)
            for charge in charges {
                #expect(try await stage.charge(charge["id"]?.string, becomes: "requires_action")["status"]?.string == "requires_action")
            }
            #expect(try await stage.send(.get, stage.gatewayURL + "/health/ready").json["providers"]?["crypto"]?.string == "closed")
            let state = try await stage.send(.get, stage.crypto("/_simulator/state")).json
            #expect(state["invoices"]?.array?.count == 8)
        }
    }

    @Test(
        "what cannot be asked for",
        arguments: [
            (#""currency":"THB","payment_details":{"asset":"DOGE"}"#, 400), (#""currency":"THB""#, 422),
            (#""currency":"ETH","payment_details":{"asset":"BTC"}"#, 422), (#""currency":"KWD","payment_details":{"asset":"BTC"}"#, 422),
        ]
    )
    func refused(members: String, status: Int) async throws {
        try await Self.stage { stage in
            let answer = try await stage.createCharge(#"{"order_id":"o","amount":"80.00","method":"crypto",\#(members)}"#)
            #expect(answer.status == status)
        }
    }
}
