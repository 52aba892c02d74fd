import HTTPTypes
import StrictJSON
import TestSupport
import Testing

/// Scenarios 1 to 8: whatever the provider does, it captures once, the charge ends right, and the order core hears it once.
@Suite("When the provider misbehaves")
struct ProviderFaultTests {
    /// What Stripe holds must be what we hold, each charge captured once.
    private static func expectOnceEach(_ stage: Stage, charges: Int) async throws {
        let state = try await stage.send(.get, stage.stripe("/_control/state")).json
        let captures = state["captures_by_charge"]?.object?.members ?? []
        #expect(captures.count == charges && captures.allSatisfy { $0.value.int64 == 1 })
        #expect(try await stage.balance("provider:stripe:clearing:THB") == (charges == 0 ? "0" : "\(240 * charges).00"))
        #expect(try await stage.booksAreRight())
    }

    @Test(
        "an error, an error after the act, a broken connection, a page instead of an answer: processing, then captured once",
        arguments: ["error_500", "commit_500", "commit_reset", "html_200"]
    )
    func unknownOutcome(mode: String) async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            try await stage.control(stage.stripe("/_control/behaviour"), #"{"mode":"\#(mode)","count":1,"webhooks":{"drop":true}}"#)
            let charge = try await stage.createCard()
            // What was done can be found at once by a look-up; what was not is asked for again later.
            #expect(["processing", "succeeded"].contains(charge["status"]?.string))
            let id = charge["id"]?.string
            #expect(try await stage.charge(id, becomes: "succeeded")["status"]?.string == "succeeded")
            #expect(try await stage.told(id, ["charge.succeeded"]))
            try await Self.expectOnceEach(stage, charges: 1)
        }
    }

    @Test("an answer that comes too late leaves the caller waiting no longer than the limit, and counts once")
    func hang() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            try await stage.control(
                stage.stripe("/_control/behaviour"),
                #"{"mode":"hang","count":1,"hang_ms":60000,"webhooks":{"drop":true}}"#
            )
            let start = ContinuousClock.now
            let charge = try await stage.createCard()
            #expect(ContinuousClock.now - start < .seconds(59))
            #expect(charge["status"]?.string == "processing")
            #expect(try await stage.charge(charge["id"]?.string, becomes: "succeeded")["status"]?.string == "succeeded")
            try await Self.expectOnceEach(stage, charges: 1)
        }
    }

    @Test("the webhook overtakes the answer: one entry, and the answer tells the same")
    func webhookFirst() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            try await stage.control(stage.stripe("/_control/behaviour"), #"{"mode":"hang","count":1,"hang_ms":1500}"#)
            let charge = try await stage.createCard()
            #expect(charge["status"]?.string == "succeeded")
            #expect(try await stage.settled())
            #expect(try await stage.told(charge["id"]?.string, ["charge.succeeded"]))
            try await Self.expectOnceEach(stage, charges: 1)
        }
    }

    @Test("too many requests: that charge waits as long as asked, the others go on")
    func rateLimited() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            try await stage.control(stage.stripe("/_control/behaviour"), #"{"mode":"rate_limited","count":1,"retry_after":20}"#)
            let start = ContinuousClock.now
            let waiting = try await stage.createCard()
            #expect(waiting["status"]?.string == "processing")
            #expect(try await stage.createCard()["status"]?.string == "succeeded")
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(try await stage.charge(waiting["id"]?.string, becomes: "succeeded")["status"]?.string == "succeeded")
            #expect(ContinuousClock.now - start >= .seconds(20))
            let requests = try await stage.send(.get, stage.stripe("/_control/state")).json["requests_by_key"]?.object?.members ?? []
            #expect(requests.compactMap { $0.value.int64 }.sorted() == [1, 2])
            try await Self.expectOnceEach(stage, charges: 2)
        }
    }

    @Test("a declined card: failed with its code, no entry, one notification")
    func declined() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            let charge = try await stage.createCard("pm_card_visa_chargeDeclinedExpiredCard")
            #expect(charge["status"]?.string == "failed" && charge["failure"]?["code"]?.string == "expired_card")
            #expect(try await stage.settled())
            #expect(try await stage.told(charge["id"]?.string, ["charge.failed"]))
            #expect(try await stage.get("/v1/notifications").json["data"]?.array?.count == 1)
            try await Self.expectOnceEach(stage, charges: 0)
        }
    }

    @Test("Stripe is away: charges wait as processing in bounded time, and are done when it is back")
    func unreachable() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let charge = try await stage.createCard()
            #expect(charge["status"]?.string == "processing")
            let stripe = try await stage.startSimulators(["stripe"])
            defer { stripe.send(9) }
            #expect(try await stage.charge(charge["id"]?.string, becomes: "succeeded")["status"]?.string == "succeeded")
            try await Self.expectOnceEach(stage, charges: 1)
        }
    }
}
