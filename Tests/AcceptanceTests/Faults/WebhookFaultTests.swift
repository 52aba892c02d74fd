import HTTPTypes
import StrictJSON
import Testing

/// Scenarios 9 to 15: what comes in at the webhook door.
@Suite("When webhooks misbehave")
struct WebhookFaultTests {
    @Test("twenty of the same event at once: twenty times 200, one fact")
    func duplicates() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let charge = try await stage.createPromptPay()
            let body = Stage.confirmation(reference: charge["provider_reference"]?.string ?? "", amount: "150.00")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await stage.postBank(body).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 20))
            #expect(try await stage.settled())
            #expect(try await stage.webhooks().count == 1)
            #expect(try await stage.charge(charge["id"]?.string, becomes: "succeeded")["version"]?.int64 == 2)
            #expect(try await stage.balance("orders:payable:THB") == "150.00")
            let repeated = ["provider": "promptpay", "outcome": "duplicate"]
            #expect(try await stage.metric("truvapay_webhooks_received_total", repeated, becomes: 19))
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("the same fact in two events with different ids: one entry, one notification")
    func twins() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            try await stage.control(stage.stripe("/_control/behaviour"), #"{"webhooks":{"drop":true}}"#)
            let charge = try await stage.createCard()
            let id = try #require(charge["id"]?.string)
            let intent = Stage.Intent(id: charge["provider_reference"]?.string ?? "", chargeID: id)
            for _ in 0..<3 { #expect(try await stage.postStripe(Stage.event("payment_intent.succeeded", intent)).status == 200) }
            #expect(try await stage.settled())
            #expect(try await stage.webhooks().count == 3)
            #expect(try await stage.told(id, ["charge.succeeded"]))
            #expect(try await stage.balance("orders:payable:THB") == "240.00")
        }
    }

    @Test("events in every order lead to the same end")
    func everyOrder() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            try await stage.control(stage.stripe("/_control/behaviour"), #"{"webhooks":{"drop":true}}"#)
            let types = ["created", "requires_action", "processing", "succeeded"]
            for order in permutations(types) {
                let charge = try await stage.createCard("pm_card_threeDSecure2Required")
                let id = try #require(charge["id"]?.string)
                for type in order {
                    var intent = Stage.Intent(id: charge["provider_reference"]?.string ?? "", chargeID: id)
                    intent.status = type == "created" ? "requires_confirmation" : type
                    let event = Stage.event("payment_intent.\(type)", intent, created: 1_795_320_000 + (types.firstIndex(of: type) ?? 0))
                    #expect(try await stage.postStripe(event).status == 200)
                }
                #expect(try await stage.charge(id, becomes: "succeeded")["status"]?.string == "succeeded", "\(order)")
            }
            #expect(try await stage.settled())
            #expect(try await stage.balance("orders:payable:THB") == "\(240 * 24).00")
            #expect(try await stage.booksAreRight())
        }
    }

    private func permutations(_ items: [String]) -> [[String]] {
        guard let first = items.first else { return [[]] }
        return permutations(Array(items.dropFirst())).flatMap { rest in
            (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
        }
    }

    @Test("the simulated Stripe reverses and doubles its webhooks: the same end")
    func reversed() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            try await stage.control(stage.stripe("/_control/behaviour"), #"{"webhooks":{"order":"reverse","duplicate":3}}"#)
            let charge = try await stage.createCard()
            try await stage.control(stage.stripe("/_control/flush"), "{}")
            #expect(try await stage.settled())
            #expect(try await stage.told(charge["id"]?.string, ["charge.succeeded"]))
            #expect(try await stage.balance("orders:payable:THB") == "240.00")
        }
    }

    @Test("a signature by another secret, an old one, a changed body, none: 400 without a reason, counted, nothing kept")
    func badSignatures() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let event = Stage.event("payment_intent.succeeded", Stage.Intent())
            let bank = Stage.confirmation(reference: "X", amount: "1.00")
            let answers = [
                try await stage.postStripe(event, secret: "whsec_other"), try await stage.postStripe(event, age: 301),
                try await stage.postBank(bank, secret: "other"),
                try await stage.postBank(bank, age: 301),
                try await stage.send(.post, stage.gatewayURL + "/webhooks/stripe", body: Array(event.utf8)),
                try await stage.send(
                    .post,
                    stage.gatewayURL + "/webhooks/stripe",
                    headers: [.stripeSignature: "t=1,v1=00"],
                    body: Array(event.utf8)
                ),
            ]
            for answer in answers { #expect(answer.status == 400 && answer.code == "webhook_refused", "\(answer.json)") }
            #expect(Set(answers.map { $0.json["detail"]?.string }).count == 1)
            #expect(try await stage.webhooks().isEmpty)
            for (outcome, count) in [("too_old", 1.0), ("signature_mismatch", 2), ("signature_missing", 1)] {
                let labels = ["provider": "stripe", "outcome": outcome]
                #expect(try await stage.metric("truvapay_webhooks_received_total", labels, becomes: count), "\(outcome)")
            }
            #expect(try await stage.postStripe("{}").status == 400)
            #expect(try await stage.postStripe(String(repeating: " ", count: 1_048_577)).status == 413)
            let nobody = try await stage.send(.post, stage.gatewayURL + "/webhooks/nobody", body: [1])
            #expect(nobody.status == 404, "\(nobody)")
        }
    }

    @Test("an unknown type is kept, acknowledged and ignored")
    func unknownType() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let answer = try await stage.postStripe(Stage.event("customer.created", Stage.Intent()))
            #expect(answer.status == 200)
            #expect(try await stage.settled())
            #expect(try await stage.webhooks().first?["status"]?.string == "ignored")
        }
    }
}
