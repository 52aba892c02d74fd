import HTTPTypes
import StrictJSON
import TestSupport
import Testing

/// Scenarios 24 to 27: the order core is told everything, in order, once it can listen.
@Suite("When the order core misbehaves")
struct OrderCoreFaultTests {
    /// What the order core has taken, oldest first.
    private static func received(_ stage: Stage) async throws -> [JSONValue] {
        try await stage.send(.get, stage.orderCore("/notifications")).json["data"]?.array ?? []
    }

    private static func isInOrder(_ stage: Stage) async throws -> Bool {
        try await received(stage).allSatisfy { $0["out_of_order"]?.bool != true }
    }

    @Test("errors, then well again: told in order, each with the id it had at first")
    func errors() async throws {
        try await Stage.run(simulators: ["order-core", "promptpay"]) { stage, _ in
            try await stage.control(stage.orderCore("/_control/behaviour"), #"{"status":500,"count":1}"#)
            let charge = try await stage.createPromptPay()
            try await stage.pay(charge)
            #expect(try await stage.told(charge["id"]?.string, ["charge.requires_action", "charge.succeeded"], within: .seconds(60)))
            let kept = try await stage.get("/v1/notifications").json["data"]?.array?.compactMap { $0["id"]?.string }
            #expect(try await Set(Self.received(stage).compactMap { $0["id"]?.string }) == Set(kept ?? []))
            #expect(try await Self.isInOrder(stage))
        }
    }

    @Test("a redirect is a failure and is not followed; a status that asks for time is waited for")
    func redirectAndRateLimit() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            for status in [301, 429] {
                try await stage.control(stage.orderCore("/_control/behaviour"), #"{"status":\#(status),"count":1}"#)
                let charge = try await stage.createPromptPay()
                #expect(try await stage.told(charge["id"]?.string, ["charge.requires_action"], within: .seconds(60)))
                #expect(try await waitUntil(.seconds(90)) { try await Self.isDelivered(stage, attempts: 2) }, "\(status)")
            }
        }
    }

    @Test("gone: deliveries pause until somebody resumes them by resending")
    func gone() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            try await stage.control(stage.orderCore("/_control/behaviour"), #"{"status":410,"count":1}"#)
            let first = try await stage.createPromptPay()
            #expect(
                try await waitUntil(.seconds(90)) {
                    try await stage.metric("truvapay_notification_attempts_total", ["outcome": "endpoint_paused"]) == 1
                }
            )
            let second = try await stage.createPromptPay()
            try await Task.sleep(for: .seconds(2))
            #expect(try await Self.received(stage).isEmpty)
            let newest = try #require(try await stage.get("/v1/notifications?limit=1").json["data"]?.array?.first?["id"]?.string)
            let resend = try await stage.send(
                .post,
                stage.gatewayURL + "/v1/notifications/\(newest)/resend",
                headers: [.authorization: "Bearer \(Stage.key)"]
            )
            #expect(resend.status == 202)
            #expect(try await stage.told(second["id"]?.string, ["charge.requires_action"]))
            #expect(try await stage.told(first["id"]?.string, ["charge.requires_action"], within: .seconds(60)))
        }
    }

    @Test("a slow answer within the limit counts; one beyond it is asked for again with the same id")
    func slow() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            try await stage.control(stage.orderCore("/_control/behaviour"), #"{"hang_ms":29000}"#)
            let charge = try await stage.createPromptPay()
            #expect(try await stage.told(charge["id"]?.string, ["charge.requires_action"], within: .seconds(40)))
            #expect(try await waitUntil(.seconds(90)) { try await Self.isDelivered(stage, attempts: 1) })
            try await stage.control(stage.orderCore("/_control/behaviour"), #"{"hang_ms":31000}"#)
            let late = try await stage.createPromptPay()
            #expect(try await stage.told(late["id"]?.string, ["charge.requires_action"], within: .seconds(40)))
            try await stage.control(stage.orderCore("/_control/behaviour"), "{}")
            #expect(try await waitUntil(.seconds(90)) { try await Self.isDelivered(stage, attempts: 2) })
            #expect(try await Self.received(stage).last?["repeats"]?.int64 == 1)
        }
    }

    private static func isDelivered(_ stage: Stage, attempts: Int64) async throws -> Bool {
        let newest = try await stage.get("/v1/notifications?limit=1").json["data"]?.array?.first
        return newest?["status"]?.string == "delivered" && newest?["attempts"]?.int64 == attempts
    }

    @Test("away while forty charges are paid, then back: everything arrives, in order for each charge")
    func backlog() async throws {
        try await Stage.run(simulators: ["promptpay"]) { stage, _ in
            var ids: [String] = []
            for _ in 0..<40 {
                let charge = try await stage.createPromptPay()
                try await stage.pay(charge)
                ids.append(try #require(charge["id"]?.string))
            }
            #expect(try await stage.balance("orders:payable:THB", becomes: "6000.00"))
            let orderCore = try await stage.startSimulators(["order-core"])
            defer { orderCore.send(9) }
            for id in ids {
                #expect(try await stage.told(id, ["charge.requires_action", "charge.succeeded"], within: .seconds(90)))
            }
            #expect(try await Self.isInOrder(stage))
        }
    }
}
