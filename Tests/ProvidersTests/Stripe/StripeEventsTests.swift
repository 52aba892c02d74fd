import Cryptography
import Payments
import StrictJSON
import TestSupport
import Testing
import Yams

@testable import Providers

@Suite("Stripe events")
struct StripeEventsTests {
    private let provider = StripeProvider(
        profile: ProviderProfile(name: .stripe, methods: [:]),
        secretKey: SecretText("sk_live_1"),
        webhookSecrets: [],
        apiBase: "http://127.0.0.1"
    )

    private func interpret(_ body: [UInt8]) throws -> Interpretation {
        let event = try JSONValue.parse(body, policy: .provider)
        let provider = event["livemode"]?.bool == true ? provider : test
        return try provider.interpret(
            VerifiedWebhook(verifiedBy: .stripe, eventID: "evt_1", eventType: event["type"]?.string ?? "", body: body)
        )
    }

    private var test: StripeProvider {
        StripeProvider(
            profile: ProviderProfile(name: .stripe, methods: [:]),
            secretKey: SecretText("sk_test_1"),
            webhookSecrets: [],
            apiBase: "http://127.0.0.1"
        )
    }

    @Test("the table that the code runs is the documented one")
    func table() throws {
        let documented = try #require(try Yams.load(yaml: Fixture.text("providers/stripe/events.yaml")) as? [String: String])
        let enabled = documented.filter { $0.value != "kept" && $0.value != "told_by_intent" }.keys.sorted()
        #expect(test.webhookEventTypes == enabled && enabled.count > 20)
        #expect(documented == StripeEvents.table.mapValues(\.rawValue))
    }

    @Test("that a payment was created is old news, even when Stripe tells it in a later second than the page the customer must see")
    func creation() throws {
        let order = ChargeOrder(orderID: "o", amount: Amount(minorUnits: 24_000, asset: .thb), method: .card)
        var charge = Charge(id: ChargeID(value: 1), order: order, provider: .stripe, createdAt: Timestamp(seconds: 1_795_320_000))
        let page = PaymentFact(
            provider: .stripe,
            subject: .charge(charge.id),
            kind: .actionRequired(.redirect(url: "https://bank.example")),
            occurredAt: charge.createdAt,
            providerReference: "pi_1"
        )
        charge = try #require(charge.apply(page, at: charge.createdAt).charge)
        let object = #"{"id":"pi_1","object":"payment_intent","status":"requires_action","amount":24000,"currency":"thb"}"#
        let event = #"{"object":"event","type":"payment_intent.created","created":1795320001,"data":{"object":\#(object)}}"#
        guard case .facts(let facts) = try interpret(Array(event.utf8)) else {
            Issue.record("nothing was told")
            return
        }
        for fact in facts { #expect(charge.apply(fact, at: Timestamp(seconds: 1_795_320_002)) == .alreadyKnown) }
    }

    @Test(
        "what the samples say",
        arguments: [
            ("04-payment_intent_succeeded-card", 24000, "THB"), ("08-payment_intent_succeeded-promptpay", nil, "THB"),
            ("13-payment_intent_succeeded-partial-capture", 75000, "THB"),
        ] as [(String, Int128?, String)]
    )
    func captures(file: String, minorUnits: Int128?, currency: String) throws {
        guard case .facts(let facts) = try interpret(Fixture.bytes("providers/stripe/samples/\(file).json")),
            case .captured(let capture) = try #require(facts.first).kind
        else {
            Issue.record("\(file) tells no capture")
            return
        }
        #expect(capture.amount.asset.code == currency)
        #expect(capture.transaction == facts.first?.providerReference)
        if let minorUnits { #expect(capture.amount.minorUnits == minorUnits) }
    }

    @Test("a declined card, a cancellation and a hold are what they are")
    func others() throws {
        let kind = { (file: String) -> PaymentFact.Kind? in
            guard case .facts(let facts) = try interpret(Fixture.bytes("providers/stripe/samples/\(file).json")) else { return nil }
            return facts.first?.kind
        }
        guard case .attemptFailed(let failure) = try kind("10-payment_intent_payment_failed-card-declined") else {
            Issue.record("no failure")
            return
        }
        #expect(!failure.message.isEmpty && failure.providerCode != nil)
        #expect(try kind("14-payment_intent_canceled") == .canceled)
        guard case .authorized = try kind("11-payment_intent_amount_capturable_updated") else {
            Issue.record("no hold")
            return
        }
        guard case .actionRequired(.redirect) = try kind("02-payment_intent_requires_action-card-3ds") else {
            Issue.record("no redirect")
            return
        }
    }

    @Test("a body cut at any byte or changed at random is an error or a reading, never a crash")
    func damage() throws {
        let body = try Fixture.bytes("providers/stripe/samples/04-payment_intent_succeeded-card.json")
        for length in stride(from: 0, to: body.count, by: 1) {
            #expect(throws: (any Error).self) { try interpret(Array(body.prefix(length))) }
        }
        var random = SeededRandom.printed("stripe bodies")
        for _ in 0..<3000 {
            var changed = body
            for _ in 0..<3 { changed[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
            _ = try? interpret(changed)
        }
    }

    @Test(
        "amounts follow Stripe's own exponents",
        arguments: [("THB", 24000, 24000), ("JPY", 500, 500), ("ISK", 5, 500), ("UGX", 7, 700), ("KWD", 1230, 1230), ("MGA", 500, 5)]
            as [(String, Int128, Int64)]
    )
    func amounts(code: String, ours: Int128, theirs: Int64) throws {
        let amount = Amount(minorUnits: ours, asset: try #require(Asset(code: code)))
        #expect(StripeAmount.minorUnits(amount) == theirs)
        #expect(try StripeAmount.amount(theirs, currency: code.lowercased()) == amount)
    }

    @Test("what Stripe cannot express is not sent")
    func inexpressible() throws {
        #expect(StripeAmount.minorUnits(Amount(minorUnits: 1234, asset: try #require(Asset(code: "KWD")))) == nil)
        #expect(throws: InterpretationError.self) { try StripeAmount.amount(501, currency: "isk") }
    }
}
