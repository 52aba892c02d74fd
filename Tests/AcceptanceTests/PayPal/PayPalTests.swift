import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("PayPal, from the request to the books")
struct PayPalTests {
    private static let simulators = ["paypal", "order-core"]

    @Test("a charge is approved, captured by the webhook, booked once, and the order core is told")
    func wholeWay() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let charge = try await stage.createPayPal()
            let id = charge["id"]?.string
            #expect(charge["status"]?.string == "requires_action" && charge["next_action"]?["type"]?.string == "redirect")
            try await stage.approvePayPal(charge)
            let paid = try await stage.charge(id, becomes: "succeeded")
            #expect(paid["amount_captured"]?.string == "25.00")
            #expect(try await stage.told(id, ["charge.requires_action", "charge.succeeded"]))
            #expect(try await stage.settled())
            #expect(try await stage.payPalObjects("captures").count == 1)
            #expect(try await stage.balance("orders:payable:USD") == "25.00")
            // One certificate for all webhooks, and one token for all calls.
            let state = try await stage.send(.get, stage.payPal("/_simulator/state")).json
            #expect(state["certificates"]?.int64 == 1 && state["tokens"]?.int64 == 1)
            #expect(try await waitUntil(.seconds(90)) { try await stage.webhooks().count == 3 })
            #expect(try await stage.settled())
            let events = try await stage.webhooks()
            #expect(events.allSatisfy { ["processed", "ignored"].contains($0["status"]?.string) })
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a payment under review waits, and is taken or lost when the review ends; zero-decimal currencies count whole units")
    func review() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            try await stage.payPalOrder("next", #"{"captures":["PENDING","PENDING","DECLINED"]}"#)
            var ids: [String] = []
            for amount in ["2500", "300", "400"] {
                let charge = try await stage.createPayPal(amount: amount, currency: "JPY")
                try await stage.approvePayPal(charge)
                ids.append(try #require(charge["id"]?.string))
                let count = ids.count
                #expect(try await waitUntil(.seconds(90)) { try await stage.payPalObjects("captures").count == count })
            }
            _ = try await stage.charge(ids[2], becomes: "failed")
            _ = try await stage.charge(ids[0], becomes: "processing")
            _ = try await stage.charge(ids[1], becomes: "processing")
            for capture in try await stage.payPalObjects("captures") where capture["status"]?.string == "PENDING" {
                let action = capture["custom_id"]?.string == ids[0] ? "complete" : "deny"
                try await stage.payPalOrder("captures/\(capture["id"]?.string ?? "")/\(action)")
            }
            #expect(try await stage.charge(ids[0], becomes: "succeeded")["amount_captured"]?.string == "2500")
            _ = try await stage.charge(ids[1], becomes: "failed")
            #expect(try await stage.balance("orders:payable:JPY") == "2500")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("answers that are lost, late or no answers at all lead to one order and one capture")
    func unknownOutcomes() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            for misbehaviour in [
                #"{"status":500,"count":1}"#, #"{"commit_then_500":true,"count":1}"#, #"{"mode":"commit_reset","count":1}"#,
                #"{"mode":"html_200","count":1}"#, #"{"status":429,"retry_after":1,"count":1}"#,
            ] {
                try await stage.payPalOrder("misbehaviour", misbehaviour)
                let created = try await stage.createPayPal()
                let charge = try await stage.charge(created["id"]?.string, becomes: "requires_action")
                try await stage.payPalOrder("misbehaviour", misbehaviour)
                try await stage.approvePayPal(charge)
                _ = try await stage.charge(created["id"]?.string, becomes: "succeeded")
            }
            #expect(try await stage.payPalObjects("orders").count == 5)
            #expect(try await stage.payPalObjects("captures").count == 5)
            #expect(try await stage.balance("orders:payable:USD") == "125.00")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("webhooks in any order, twice, or only some of them lead to the same books")
    func disorder() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            try await stage.payPalOrder("misbehaviour", #"{"webhooks":{"duplicate":3,"delay_ms":1}}"#)
            let first = try await stage.createPayPal()
            try await stage.approvePayPal(first)
            _ = try await stage.charge(first["id"]?.string, becomes: "succeeded")
            #expect(try await stage.settled())
            #expect(try await stage.balance("orders:payable:USD") == "25.00")
            // The token is gone between two calls, and the payer declines once before another means is taken.
            try await stage.payPalOrder("misbehaviour", "{}")
            try await stage.payPalOrder("tokens")
            try await stage.payPalOrder("next", #"{"captures":["INSTRUMENT_DECLINED"]}"#)
            let second = try await stage.createPayPal()
            // Three events told of the first charge; until the fourth is settled, the payer's agreement has not been refused yet.
            #expect(try await waitUntil(.seconds(90)) { try await stage.webhooks().count == 3 })
            try await stage.approvePayPal(second)
            #expect(try await waitUntil(.seconds(90)) { try await stage.webhooks().count == 4 })
            #expect(try await stage.settled())
            #expect(try await stage.charge(second["id"]?.string, becomes: "requires_action")["next_action"]?["type"]?.string == "redirect")
            try await stage.approvePayPal(second)
            _ = try await stage.charge(second["id"]?.string, becomes: "succeeded")
            #expect(try await stage.balance("orders:payable:USD") == "50.00")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("an order that nobody approves in time expires, and is not captured when it is approved after all")
    func expiry() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let body = """
                {"order_id":"o","amount":"25.00","currency":"USD","method":"paypal","expires_in":6,"return_url":"https://shop.example"}
                """
            let charge = try await stage.createCharge(body).json
            _ = try await stage.charge(charge["id"]?.string, becomes: "expired")
            try await stage.approvePayPal(charge)
            #expect(try await waitUntil(.seconds(90)) { try await stage.webhooks().count == 1 })
            #expect(try await stage.settled())
            #expect(try await stage.payPalObjects("captures").isEmpty)
            #expect(try await stage.charge(charge["id"]?.string, becomes: "expired")["amount_captured"]?.string == "0.00")
            #expect(try await stage.booksAreRight())
        }
    }
}
