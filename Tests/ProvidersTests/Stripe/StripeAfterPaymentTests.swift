import Cryptography
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

/// What the sample events say about refunds, disputes, fees and settlements.
@Suite("Stripe events after the payment")
struct StripeAfterPaymentTests {
    private let provider = StripeProvider(
        profile: ProviderProfile(name: .stripe, methods: [:]),
        secretKey: SecretText("sk_test_1"),
        webhookSecrets: [],
        apiBase: "http://127.0.0.1"
    )

    private func interpret(_ file: String) throws -> Interpretation {
        let body = try Fixture.bytes("providers/stripe/samples/\(file).json")
        let type = try JSONValue.parse(body, policy: .provider)["type"]?.string ?? ""
        return try provider.interpret(VerifiedWebhook(verifiedBy: .stripe, eventID: "evt_1", eventType: type, body: body))
    }

    private func facts(_ file: String) throws -> [PaymentFact] {
        guard case .facts(let facts) = try interpret(file) else { return [] }
        return facts
    }

    private static func thb(_ satang: Int128) -> Amount { Amount(minorUnits: satang, asset: .thb) }

    @Test(
        "refunds, each told in the same words by every event",
        arguments: [
            ("16-refund_created", "re_3SXA0000000000000001R", 4000, PaymentFact.Refund.State.succeeded, "pi_3SXA0000000000000001A"),
            ("18-refund_updated-arn", "re_3SXA0000000000000001R", 4000, .succeeded, "pi_3SXA0000000000000001A"),
            (
                "19-refund_created-promptpay-requires-action", "pyr_1SXB0000000000000001R", 24000, .requiresAction,
                "pi_3SXB0000000000000001B"
            ),
            (
                "20-refund_failed-promptpay", "pyr_1SXB0000000000000001R", 24000, .failed(reason: "unknown"), "pi_3SXB0000000000000001B"
            ),
        ] as [(String, String, Int128, PaymentFact.Refund.State, String)]
    )
    func refunds(file: String, id: String, satang: Int128, state: PaymentFact.Refund.State, intent: String) throws {
        let refund = PaymentFact.Refund(refundID: nil, transaction: id, amount: Self.thb(satang), state: state)
        let fact = try #require(facts(file).first)
        #expect(fact.kind == .refund(refund) && fact.subject == .reference(intent))
    }

    @Test("a charge's own event asks for the payment to be looked up")
    func lookUp() throws {
        let name = "pi_3SXA0000000000000001A"
        let intent = EventObject(subject: .reference(name), kind: "payment_intent", id: name)
        #expect(try interpret("05-charge_updated-balance-transaction") == .needsFetch(intent))
        #expect(try interpret("17-charge_refunded-partial") == .needsFetch(intent))
    }

    @Test("a dispute's events tell how it stands and, each time again, what money it moved")
    func disputes() throws {
        let opened = try facts("21-charge_dispute_created")
        guard case .dispute(let dispute)? = opened.first?.kind else {
            Issue.record("no dispute")
            return
        }
        #expect(opened.count == 1 && dispute.stage == .opened && dispute.amount == Self.thb(20000) && dispute.reason == "fraudulent")
        #expect(dispute.respondBy == Timestamp(seconds: 1_796_788_800))
        let withdrawn = PaymentFact.DisputeFunds(
            dispute: "du_1SXG0000000000000001G",
            transaction: "txn_1SXG0000000000000001W",
            amount: Self.thb(20000),
            fee: Self.thb(5000),
            direction: .withdrawn
        )
        #expect(try facts("22-charge_dispute_funds_withdrawn").first?.kind == .disputeFunds(withdrawn))
        let reinstated = try facts("24-charge_dispute_funds_reinstated")
        let back = PaymentFact.DisputeFunds(
            dispute: "du_1SXG0000000000000001G",
            transaction: "txn_1SXG0000000000000002W",
            amount: Self.thb(20000),
            fee: nil,
            direction: .reinstated
        )
        #expect(reinstated.map(\.kind).prefix(2) == [.disputeFunds(withdrawn), .disputeFunds(back)])
        for (file, stage) in [("23-charge_dispute_closed-won", PaymentFact.Dispute.Stage.won), ("25-charge_dispute_closed-lost", .lost)] {
            guard case .dispute(let dispute)? = try facts(file).last?.kind else { continue }
            #expect(dispute.stage == stage)
        }
    }

    @Test(
        "settlements",
        arguments: [
            ("26-payout_created", 319_347, nil), ("27-payout_paid", 319_347, .paid), ("29-payout_failed-after-paid", 50_000, .failed),
        ] as [(String, Int128, PaymentFact.Payout.State?)]
    )
    func payouts(file: String, satang: Int128, state: PaymentFact.Payout.State?) throws {
        guard case .payout(let payout)? = try facts(file).first?.kind else {
            Issue.record("\(file) tells no payout")
            return
        }
        #expect(payout.amount == Self.thb(satang))
        if let state { #expect(payout.state == state) }
    }

    @Test("PromptPay's QR is shown as Stripe gives it, until the charge's own end")
    func promptPay() throws {
        let fact = try #require(facts("06-payment_intent_requires_action-promptpay-qr").first)
        guard case .actionRequired(.displayQR(let text, nil)) = fact.kind else {
            Issue.record("no QR")
            return
        }
        let order = ChargeOrder(orderID: "o", amount: Self.thb(24000), method: .promptpay, expiresAt: Timestamp(seconds: 2_000_000_000))
        let charge = Charge(id: ChargeID(value: 1), order: order, provider: .stripe, createdAt: Timestamp(seconds: 1))
        let shown = charge.apply(fact, at: Timestamp(seconds: 2)).charge?.nextAction
        #expect(shown == .displayQR(payload: text, expiresAt: order.expiresAt))
        guard case .attemptFailed(let failure)? = try facts("07-payment_intent_payment_failed-promptpay-expired").first?.kind else {
            Issue.record("no failure")
            return
        }
        #expect(failure.code == "payment_intent_payment_attempt_expired")
    }

    @Test(
        "every sample does what its index says",
        arguments: try Fixture.files("providers/stripe/samples", suffix: ".json").filter { $0 != "index.json" }
    )
    func index(file: String) throws {
        let isRead = try interpret(String(file.dropLast(5)))
        let type = try JSONValue.parse(Fixture.bytes("providers/stripe/samples/\(file)"), policy: .provider)["type"]?.string ?? ""
        switch (StripeEvents.table[type], isRead) {
        case (.paymentIntent?, .facts(let facts)), (.refund?, .facts(let facts)), (.payout?, .facts(let facts)):
            #expect(facts.count == 1)
        case (.dispute?, .facts(let facts)): #expect(!facts.isEmpty)
        case (.charge?, .needsFetch), (.toldByIntent?, .ignored), (.kept?, .ignored), (nil, .ignored): break
        default: Issue.record("\(file): \(isRead)")
        }
    }

    @Test("nothing else than the object that the event's type promises is read, and no cut of it crashes")
    func hostile() throws {
        for file in try Fixture.files("providers/stripe/samples", suffix: ".json") where file != "index.json" {
            let body = try Fixture.bytes("providers/stripe/samples/\(file)")
            let type = try JSONValue.parse(body, policy: .provider)["type"]?.string ?? ""
            for end in stride(from: 0, to: body.count, by: 7) {
                let webhook = VerifiedWebhook(verifiedBy: .stripe, eventID: "e", eventType: type, body: Array(body[..<end]))
                #expect(throws: InterpretationError.self, "\(file) cut at \(end)") {
                    if case .ignored = try provider.interpret(webhook) { throw InterpretationError("ignored before it is read") }
                }
            }
        }
        for type in ["refund.created", "charge.dispute.created", "payout.paid", "charge.updated", "payment_intent.succeeded"] {
            let event = #"{"object":"event","created":1,"type":"\#(type)","data":{"object":{"object":"balance","id":"x"}}}"#
            let webhook = VerifiedWebhook(verifiedBy: .stripe, eventID: "e", eventType: type, body: Array(event.utf8))
            guard case .facts? = try? provider.interpret(webhook) else { continue }
            Issue.record("\(type) read a balance")
        }
    }
}
