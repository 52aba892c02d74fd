import Foundation
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@Suite("Every notification is one that the contract describes", .enabled(if: PythonEnvironment.isAvailable))
struct NotificationContractTests {
    @Test("all types, as they arrive, fit their schemas")
    func notifications() async throws {
        try await Stage.run(simulators: ["stripe", "promptpay"]) { stage, _ in
            let receiver = try await NotificationReceiver.start(for: stage)
            defer { receiver.end() }
            try await Self.playPromptPay(stage, receiver)
            try await Self.playCards(stage, receiver)
            let credits = Stage.credits("draw-1", [("t-1", "c-1", "2000.00"), ("t-2", "c 2", "1.00")])
            #expect(try await stage.post("/v1/wallet-credits", credits).status == 200)
            let types = try await waitUntil(.seconds(60)) {
                Set(try receiver.bodies().compactMap { $0["type"]?.string }) == Set(NotificationType.allCases.map(\.rawValue))
            }
            // Whether a payment is ambiguous can only be asked where a QR has no reference.
            let reasons = try await waitUntil(.seconds(60)) {
                let told = Set(try receiver.bodies().compactMap { $0["data"]?["payment"]?["reason"]?.string })
                return told == Set(SuspenseReason.allCases.map(\.rawValue)).subtracting(["ambiguous"])
            }
            #expect(types && reasons)
            let (status, lines) = try await PythonEnvironment.run(
                PythonEnvironment.script("notification_schemas"),
                arguments: [Fixture.root + "/contracts", receiver.folder.path]
            )
            #expect(status == 0, "\(lines.joined(separator: "\n"))")
            #expect(lines.count { $0.hasPrefix("seen ") } == NotificationType.allCases.count)
        }
    }

    /// Paid, paid twice, in a wrong amount and currency, expired, paid too late, and for nobody.
    private static func playPromptPay(_ stage: Stage, _ receiver: NotificationReceiver) async throws {
        let notes = #""customer_id":"ลูกค้า-1","order_number":"7","metadata":{"lot":"ล็อตเตอรี่ \u0022งวดนี้\u0022"}"#
        let body = #"{"order_id":"o","amount":"150.00","currency":"THB","method":"promptpay",\#(notes)}"#
        let charge = try await stage.createCharge(body).json
        let brief = try await stage.createPromptPay("20.00", expiresIn: 1)
        try await stage.pay(charge)
        #expect(try await receiver.heard(charge["id"]?.string, ["charge.requires_action", "charge.succeeded"]))
        #expect(try await receiver.heard(brief["id"]?.string, ["charge.requires_action", "charge.expired"]))
        let now = SuspenseTests.bangkokNow()
        let reference = charge["provider_reference"]?.string ?? ""
        let open = try await stage.createPromptPay()["provider_reference"]?.string ?? ""
        for (reference, amount, currency) in [
            (reference, "150.00", "764"), (open, "149.00", "764"), (open, "150.00", "840"), ("NOBODY", "1.00", "764"),
            (brief["provider_reference"]?.string ?? "", "20.00", "764"),
        ] {
            let confirmation = Stage.confirmation(reference: reference, amount: amount, paidAt: now, currency: currency)
            #expect(try await stage.postBank(confirmation).status == 200)
        }
    }

    /// Taken, declined, held, and closed by Stripe; the last is paid all the same.
    private static func playCards(_ stage: Stage, _ receiver: NotificationReceiver) async throws {
        #expect(try await receiver.heard(stage.createCard()["id"]?.string, ["charge.succeeded"]))
        let declined = try await stage.createCard("pm_card_visa_chargeDeclinedInsufficientFunds")
        #expect(try await receiver.heard(declined["id"]?.string, ["charge.failed"]))

        let details = #""capture":"manual","payment_details":{"card_token":"pm_card_visa"}"#
        let held = try await stage.createCharge(#"{"order_id":"o","amount":"240.00","currency":"THB","method":"card",\#(details)}"#).json
        #expect(try await receiver.heard(held["id"]?.string, ["charge.authorized"]))

        let closed = try await stage.createCard("pm_card_threeDSecure2Required")
        let id = closed["provider_reference"]?.string ?? ""
        let headers: HTTPFields = [.authorization: "Bearer sk_test_acceptance"]
        #expect(try await stage.send(.post, stage.stripe("/v1/payment_intents/\(id)/cancel"), headers: headers).status == 200)
        #expect(try await receiver.heard(closed["id"]?.string, ["charge.requires_action", "charge.canceled"]))
        let intent = Stage.Intent(id: id, chargeID: closed["id"]?.string)
        #expect(try await stage.postStripe(Stage.event("payment_intent.succeeded", intent)).status == 200)
    }
}
