import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("Omise makes the QR and is asked again")
struct OmiseTests {
    @Test("paid, failed, paid without a word, and closed at its end")
    func wholeLife() async throws {
        try await Stage.run(changes: Stage.omise, simulators: ["order-core", "promptpay"]) { stage, _ in
            let charge = try await stage.createPromptPay("1560.00")
            let name = charge["provider_reference"]?.string ?? ""
            #expect(charge["status"]?.string == "requires_action" && name.hasPrefix("chrg_"))
            #expect(charge["next_action"]?["type"]?.string == "redirect")
            try await Self.settle(stage, charge)
            #expect(try await stage.charge(charge["id"]?.string, becomes: "succeeded")["amount_captured"]?.string == "1560.00")

            let failing = try await stage.createPromptPay("20.00")
            try await Self.settle(stage, failing, #","status":"failed""#)
            let failed = try await stage.charge(failing["id"]?.string, becomes: "failed")
            #expect(failed["failure"]?["provider_code"]?.string == "payment_rejected")

            let unheard = try await stage.createPromptPay("30.00", expiresIn: 10)
            let unpaid = try await stage.createPromptPay("40.00", expiresIn: 10)
            try await Self.settle(stage, unheard, #","confirm":false"#)
            #expect(try await stage.charge(unheard["id"]?.string, becomes: "succeeded")["status"]?.string == "succeeded")
            #expect(try await stage.charge(unpaid["id"]?.string, becomes: "expired")["status"]?.string == "expired")
            let late = try await stage.control(stage.bank("/pay"), #"{"charge":"\#(unpaid["provider_reference"]?.string ?? "")"}"#)
            #expect(late.status == 400, "a charge that was closed at Omise cannot be paid")

            #expect(try await stage.settled())
            #expect(try await stage.balance("orders:payable:THB") == "1590.00")
            #expect(try await stage.booksAreRight())
        }
    }

    private static func settle(_ stage: Stage, _ charge: JSONValue, _ extra: String = "") async throws {
        let order = #"{"charge":"\#(charge["provider_reference"]?.string ?? "")"\#(extra)}"#
        guard try await stage.control(stage.bank("/pay"), order).status == 200 else { throw StageError("the charge could not be settled") }
    }
}
