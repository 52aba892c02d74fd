import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("PayPal, after the payment")
struct PayPalAfterPaymentTests {
    private static let simulators = ["paypal", "order-core"]

    /// Waits until nothing is under way and our clearing account is what PayPal says it owes us.
    private static func agrees(_ stage: Stage, _ currency: String = "USD") async throws -> Bool {
        try await waitUntil(.seconds(90)) {
            let state = try await stage.send(.get, stage.payPal("/_simulator/state")).json
            let minorUnits = state["balance"]?[currency]?.int64 ?? 0
            let text = String(format: "%@%d.%02d", minorUnits < 0 ? "-" : "", abs(minorUnits) / 100, abs(minorUnits) % 100)
            let balance = try await stage.balance("provider:paypal:clearing:\(currency)")
            return (balance == "0" ? "0.00" : balance) == text
        }
    }

    private static func operate(_ stage: Stage, _ id: String?, _ operation: String, _ body: String = "{}") async throws -> Stage.Answer {
        var headers: HTTPFields = [.authorization: "Bearer \(Stage.key)", .contentType: "application/json"]
        headers[.idempotencyKey] = UUID().uuidString
        return try await stage.send(
            .post,
            stage.gatewayURL + "/v1/charges/\(id ?? "")/\(operation)",
            headers: headers,
            body: Array(body.utf8)
        )
    }

    /// A charge that was paid.
    private static func paid(_ stage: Stage, _ amount: String = "25.00") async throws -> String {
        let charge = try await stage.createPayPal(amount: amount)
        try await stage.approvePayPal(charge)
        let id = charge["id"]?.string ?? ""
        _ = try await stage.charge(id, becomes: "succeeded")
        return id
    }

    private static func capture(of id: String, _ stage: Stage) async throws -> String {
        let capture = try await stage.payPalObjects("captures").first { $0["custom_id"]?.string == id }
        return try #require(capture?["id"]?.string)
    }

    @Test("money is held, taken in part, and given back in parts, by us and at PayPal's desk; the books are PayPal's to the cent")
    func captureAndRefunds() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let charge = try await stage.createPayPal(amount: "100.00", capture: "manual")
            let id = charge["id"]?.string
            try await stage.approvePayPal(charge)
            _ = try await stage.charge(id, becomes: "authorized")
            let captured = try await Self.operate(stage, id, "capture", #"{"amount":"80.00"}"#)
            #expect(captured.status == 200)
            #expect(try await stage.charge(id, becomes: "succeeded")["amount_captured"]?.string == "80.00")
            #expect(try await Self.agrees(stage))

            let refunded = try await Self.operate(stage, id, "refunds", #"{"amount":"30.00"}"#)
            #expect(refunded.status == 200 && refunded.json["status"]?.string == "succeeded")
            #expect(try await Self.agrees(stage))
            try await stage.payPalOrder(
                "captures/\(Self.capture(of: id ?? "", stage))/refund",
                #"{"amount":{"currency_code":"USD","value":"10.00"}}"#
            )
            #expect(
                try await waitUntil(.seconds(90)) {
                    try await stage.get("/v1/charges/\(id ?? "")").json["amount_refunded"]?.string == "40.00"
                }
            )
            #expect(try await Self.agrees(stage))
            let tooMuch = try await Self.operate(stage, id, "refunds", #"{"amount":"40.01"}"#)
            #expect(tooMuch.status >= 400 && tooMuch.status < 500)
            #expect(try await stage.balance("orders:payable:USD") == "40.00")
            #expect(try await stage.settled())
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("what is held is let go when the charge is canceled")
    func cancel() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let charge = try await stage.createPayPal(capture: "manual")
            let id = charge["id"]?.string
            try await stage.approvePayPal(charge)
            _ = try await stage.charge(id, becomes: "authorized")
            #expect(try await Self.operate(stage, id, "cancel").status == 200)
            _ = try await stage.charge(id, becomes: "canceled")
            #expect(try await stage.payPalObjects("authorizations").first?["status"]?.string == "VOIDED")
            #expect(try await stage.settled())
            #expect(try await Self.agrees(stage))
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a refund may wait, be refused, fail after it was done, or be taken by PayPal itself")
    func refundStates() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let id = try await Self.paid(stage)
            try await stage.payPalOrder("next", #"{"refunds":["PENDING","REFUND_FAILED_INSUFFICIENT_FUNDS","COMPLETED"]}"#)
            let pending = try await Self.operate(stage, id, "refunds", #"{"amount":"5.00"}"#)
            #expect(pending.json["status"]?.string == "pending")
            let waiting = try #require(try await stage.payPalObjects("refunds").first?["id"]?.string)
            let refused = try await Self.operate(stage, id, "refunds", #"{"amount":"5.00"}"#)
            #expect(refused.json["status"]?.string == "failed" || refused.status >= 400)
            try await stage.payPalOrder("refunds/\(waiting)/complete")
            #expect(
                try await waitUntil(.seconds(90)) { try await stage.get("/v1/charges/\(id)").json["amount_refunded"]?.string == "5.00" }
            )
            #expect(try await Self.agrees(stage))
            // The buyer's bank sends it back.
            try await stage.payPalOrder("refunds/\(waiting)/fail")
            #expect(
                try await waitUntil(.seconds(90)) { try await stage.get("/v1/charges/\(id)").json["amount_refunded"]?.string == "0.00" }
            )
            #expect(try await Self.agrees(stage))
            try await stage.payPalOrder("captures/\(Self.capture(of: id, stage))/reverse")
            #expect(
                try await waitUntil(.seconds(90)) { try await stage.get("/v1/charges/\(id)").json["amount_refunded"]?.string == "25.00" }
            )
            #expect(try await Self.agrees(stage))
            #expect(try await stage.settled())
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a dispute takes the money and a fee, and gives the money back when it is won; a lost one is written off")
    func disputes() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            for outcome in ["RESOLVED_SELLER_FAVOUR", "RESOLVED_BUYER_FAVOUR"] {
                let id = try await Self.paid(stage)
                let dispute = try await stage.payPalOrder("disputes", #"{"custom_id":"\#(id)"}"#)["dispute_id"]?.string ?? ""
                #expect(try await stage.settled())
                let before = try await stage.balance("disputes:paypal:USD")
                #expect(["0", "0.00"].contains(before))
                try await stage.payPalOrder(
                    "disputes/\(dispute)/escalate",
                    #"{"reverses":true,"fee":{"currency_code":"USD","value":"20.00"}}"#
                )
                #expect(try await stage.balance("disputes:paypal:USD", becomes: "25.00"))
                #expect(try await Self.agrees(stage))
                try await stage.payPalOrder("disputes/\(dispute)/resolve", #"{"outcome":"\#(outcome)"}"#)
                #expect(try await stage.balance("disputes:paypal:USD", becomes: "0.00"))
                #expect(try await Self.agrees(stage))
                let last = outcome == "RESOLVED_SELLER_FAVOUR" ? "dispute.won" : "dispute.lost"
                #expect(try await waitUntil(.seconds(90)) { try await stage.types(of: id).last == last })
            }
            #expect(try await stage.balance("orders:payable:USD") == "25.00")
            #expect(try await stage.settled())
            #expect(try await stage.booksAreRight())
        }
    }
}
