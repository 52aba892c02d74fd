import Foundation
import HTTPTypes
import StrictJSON
import Testing

/// Scenarios 12 to 14 and 34: money that no charge can take is booked, shown and told, never dropped.
@Suite("Money that no charge can take")
struct SuspenseTests {
    @Test("unknown charge, double, short, other currency: suspense, and the charge is what it was; of too much only the excess")
    func suspense() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            #expect(try await stage.postBank(Stage.confirmation(reference: "NOBODY", amount: "10.00")).status == 200)
            #expect(try await stage.postStripe(Stage.event("payment_intent.succeeded", Stage.Intent())).status == 200)

            let paid = try await stage.createPromptPay()
            let paidReference = paid["provider_reference"]?.string ?? ""
            let now = Self.bangkokNow()
            #expect(try await stage.postBank(Stage.confirmation(reference: paidReference, amount: "150.00", paidAt: now)).status == 200)
            #expect(try await stage.postBank(Stage.confirmation(reference: paidReference, amount: "150.00", paidAt: now)).status == 200)

            let open = try await stage.createPromptPay()
            let openReference = open["provider_reference"]?.string ?? ""
            for (amount, currency) in [("149.99", "764"), ("150.00", "840")] {
                let body = Stage.confirmation(reference: openReference, amount: amount, paidAt: now, currency: currency)
                #expect(try await stage.postBank(body).status == 200)
            }
            let over = try await stage.createPromptPay()
            let excess = Stage.confirmation(reference: over["provider_reference"]?.string ?? "", amount: "150.01", paidAt: now)
            for _ in 0..<2 { #expect(try await stage.postBank(excess).status == 200) }
            #expect(try await stage.settled())
            #expect(try await stage.charge(over["id"]?.string, becomes: "succeeded")["amount_captured"]?.string == "150.00")
            #expect(try await stage.charge(paid["id"]?.string, becomes: "succeeded")["amount_captured"]?.string == "150.00")
            #expect(try await stage.get("/v1/charges/\(open["id"]?.string ?? "")").json["status"]?.string == "requires_action")
            #expect(try await stage.balance("suspense:promptpay:THB") == "310.00")
            #expect(try await stage.balance("suspense:promptpay:USD") == "150.00")
            #expect(try await stage.balance("suspense:stripe:THB") == "240.00")
            #expect(try await stage.balance("orders:payable:THB") == "300.00")
            let told = try await stage.get("/v1/notifications?limit=100").json["data"]?.array ?? []
            #expect(told.filter { $0["type"]?.string == "payment.unmatched" }.count == 6)
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a charge expires; money paid before and told after still pays it, money paid after goes to suspense")
    func expiry() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let inTime = try await stage.createPromptPay(expiresIn: 8)
            let late = try await stage.createPromptPay(expiresIn: 8)
            let paidAt = Self.bangkokNow()
            for charge in [inTime, late] {
                #expect(try await stage.charge(charge["id"]?.string, becomes: "expired")["status"]?.string == "expired")
            }
            try await Task.sleep(for: .milliseconds(1100))
            let first = Stage.confirmation(reference: inTime["provider_reference"]?.string ?? "", amount: "150.00", paidAt: paidAt)
            #expect(try await stage.postBank(first).status == 200)
            let second = Stage.confirmation(
                reference: late["provider_reference"]?.string ?? "",
                amount: "150.00",
                paidAt: Self.bangkokNow()
            )
            #expect(try await stage.postBank(second).status == 200)
            #expect(try await stage.charge(inTime["id"]?.string, becomes: "succeeded")["status"]?.string == "succeeded")
            #expect(try await stage.settled())
            #expect(try await stage.get("/v1/charges/\(late["id"]?.string ?? "")").json["status"]?.string == "expired")
            #expect(try await stage.balance("suspense:promptpay:THB") == "150.00")
            #expect(try await stage.told(inTime["id"]?.string, ["charge.requires_action", "charge.expired", "charge.succeeded"]))
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a card charge that expires is cancelled at Stripe, and what Stripe says decides")
    func cardExpiry() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            let details = #""payment_details":{"card_token":"pm_card_threeDSecure2Required"},"return_url":"https://shop.example/back""#
            let body = #"{"order_id":"o","amount":"240.00","currency":"THB","method":"card","expires_in":8,\#(details)}"#
            let charge = try await stage.createCharge(body).json
            #expect(charge["status"]?.string == "requires_action")
            #expect(try await stage.charge(charge["id"]?.string, becomes: "expired")["status"]?.string == "expired")
            let asked = ["operation": "expire", "outcome": "answered"]
            #expect(try await stage.metric("truvapay_provider_calls_total", asked, becomes: 1))
            #expect(try await stage.settled())
            #expect(try await stage.told(charge["id"]?.string, ["charge.requires_action", "charge.expired"]))
        }
    }

    @Test("a QR without a reference is matched by its amount, when exactly one charge waits for it")
    func matchedByAmount() async throws {
        let changes = ["PROMPTPAY_BILLER_ID": "", "PROMPTPAY_TARGET": "0812345678"]
        try await Stage.run(changes: changes, simulators: ["order-core", "promptpay"]) { stage, _ in
            let first = try await stage.createPromptPay("150.00")
            #expect(first["next_action"]?["qr_string"]?.string?.contains("A000000677010111") == true)
            let second = try await stage.createPromptPay("151.00")
            try await stage.pay(second)
            _ = try await stage.charge(second["id"]?.string, becomes: "succeeded")
            #expect(try await stage.get("/v1/charges/\(first["id"]?.string ?? "")").json["status"]?.string == "requires_action")
            let twin = try await stage.createPromptPay("150.00")
            try await stage.pay(twin)
            #expect(try await stage.balance("suspense:promptpay:THB", becomes: "150.00"))
            for charge in [first, twin] {
                #expect(try await stage.get("/v1/charges/\(charge["id"]?.string ?? "")").json["status"]?.string == "requires_action")
            }
        }
    }

    static func bangkokNow() -> String { bangkok(Date()) }

    static func bangkok(_ instant: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "Asia/Bangkok")
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"
        return formatter.string(from: instant)
    }
}
