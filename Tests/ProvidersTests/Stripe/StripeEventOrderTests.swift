import Cryptography
import Payments
import Providers
import StrictJSON
import TestSupport
import Testing

/// The sample events of a payment in every order and twice, read by the provider and decided by the core.
///
/// Events that only ask for the payment to be looked up tell nothing here. So it is with all of PayPal's, SCB's, Omise's and the crypto
/// processor's: the conformance suite of the acceptance tests tells theirs in every order against the simulators.
@Suite("Stripe events in every order")
struct StripeEventOrderTests {
    /// Events that belong together, with the names that have to be changed so that they speak of one payment.
    struct Life: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var intent = "pi_3SXA0000000000000001A"
        var satang: Int128 = 24_000
        var capture = CaptureMode.automatic
        let files: [String]
        var renamed: [String: String] = [:]
        let status: ChargeStatus
        /// What the charge has taken, given back and lost.
        var amounts: [Int128] = [0, 0, 0]
        let balances: [String: Int128]
    }

    static let lives = [
        Life(
            testDescription: "paid, and a part given back",
            files: [
                "01-payment_intent_created", "02-payment_intent_requires_action-card-3ds", "04-payment_intent_succeeded-card",
                "16-refund_created", "18-refund_updated-arn",
            ],
            status: .succeeded,
            amounts: [24_000, 4000, 0],
            balances: ["orders:payable:THB": -20_000, "provider:stripe:clearing:THB": 20_000]
        ),
        Life(
            testDescription: "paid, disputed and won",
            files: [
                "04-payment_intent_succeeded-card", "21-charge_dispute_created", "22-charge_dispute_funds_withdrawn",
                "23-charge_dispute_closed-won", "24-charge_dispute_funds_reinstated",
            ],
            status: .succeeded,
            amounts: [24_000, 0, 0],
            balances: ["orders:payable:THB": -24_000, "provider:stripe:clearing:THB": 19_000, "fees:stripe:THB": 5000]
        ),
        Life(
            testDescription: "paid, disputed and lost",
            files: [
                "04-payment_intent_succeeded-card", "21-charge_dispute_created", "22-charge_dispute_funds_withdrawn",
                "25-charge_dispute_closed-lost",
            ],
            renamed: [
                "du_1SXG0000000000000002G": "du_1SXG0000000000000001G", "pi_3SXD0000000000000001D": "pi_3SXA0000000000000001A",
                "txn_1SXG0000000000000003W": "txn_1SXG0000000000000001W", "24000": "20000",
                "1795320000": "1796184000",
            ],
            status: .succeeded,
            amounts: [24_000, 0, 20_000],
            balances: ["orders:payable:THB": -4000, "provider:stripe:clearing:THB": -1000, "fees:stripe:THB": 5000]
        ),
        Life(
            testDescription: "held, and taken in part",
            intent: "pi_3SXD0000000000000001D",
            satang: 100_000,
            capture: .manual,
            files: [
                "11-payment_intent_amount_capturable_updated", "12-charge_captured-partial", "13-payment_intent_succeeded-partial-capture",
            ],
            status: .succeeded,
            amounts: [75_000, 0, 0],
            balances: ["orders:payable:THB": -75_000, "provider:stripe:clearing:THB": 75_000]
        ),
        Life(
            testDescription: "by PromptPay, and a refund that comes back",
            intent: "pi_3SXB0000000000000001B",
            files: [
                "06-payment_intent_requires_action-promptpay-qr", "08-payment_intent_succeeded-promptpay",
                "19-refund_created-promptpay-requires-action", "20-refund_failed-promptpay",
            ],
            status: .succeeded,
            amounts: [24_000, 0, 0],
            balances: ["orders:payable:THB": -24_000, "provider:stripe:clearing:THB": 24_000]
        ),
        Life(
            testDescription: "everything that the samples tell of one payment, and a settlement",
            files: [
                "01-payment_intent_created", "02-payment_intent_requires_action-card-3ds", "03-charge_succeeded",
                "04-payment_intent_succeeded-card", "05-charge_updated-balance-transaction", "16-refund_created",
                "17-charge_refunded-partial", "18-refund_updated-arn", "21-charge_dispute_created", "22-charge_dispute_funds_withdrawn",
                "23-charge_dispute_closed-won", "24-charge_dispute_funds_reinstated", "26-payout_created", "27-payout_paid",
            ],
            status: .succeeded,
            amounts: [24_000, 4000, 0],
            balances: [
                "orders:payable:THB": -20_000, "provider:stripe:clearing:THB": -304_347, "fees:stripe:THB": 5000,
                "provider:stripe:in-transit:THB": 319_347,
            ]
        ),
    ]

    private static let provider = StripeProvider(
        profile: ProviderProfile(name: .stripe, methods: [:]),
        secretKey: SecretText("sk_test_1"),
        webhookSecrets: [],
        apiBase: "http://127.0.0.1"
    )

    private static func facts(_ file: String, _ renamed: [String: String]) throws -> [PaymentFact] {
        var text = try Fixture.text("providers/stripe/samples/\(file).json")
        // One file tells of another dispute; all names are of that file.
        if renamed.keys.contains(where: { $0.hasPrefix("du_") && text.contains($0) }) {
            for (old, new) in renamed { text = text.replacing(old, with: new) }
        }
        for name in ["chg_01JD8Q", "chg_01JD8R"] { text = text.replacing(name, with: id.description) }
        let type = try JSONValue.parse(Array(text.utf8), policy: .provider)["type"]?.string ?? ""
        let webhook = VerifiedWebhook(verifiedBy: .stripe, eventID: "evt_1", eventType: type, body: Array(text.utf8))
        guard case .facts(let facts) = try provider.interpret(webhook) else { return [] }
        return facts
    }

    private static let id = ChargeID(value: 1)

    @Test(
        "a life in every order and twice ends as it does in its own, whether Stripe's name of the payment is known before or told by it",
        // The samples of the payment that is held do not say whose it is.
        arguments: lives.map { ($0, true) } + lives.filter { $0.capture == .automatic }.map { ($0, false) }
    )
    func life(_ life: Life, isNamed: Bool) throws {
        var random = SeededRandom.printed("orders of Stripe's samples, \(life.testDescription)")
        let order = ChargeOrder(
            orderID: "o",
            amount: Amount(minorUnits: life.satang, asset: .thb),
            method: .card,
            capture: life.capture
        )
        var charge = Charge(id: Self.id, order: order, provider: .stripe, createdAt: Timestamp(seconds: 1_795_319_999))
        if isNamed { charge.providerReference = life.intent }
        let events = try life.files.map { try Self.facts($0, life.renamed) }
        let standing = ToldEvents.standing(of: charge, after: events, &random)
        let known = try #require(standing.charge)
        #expect(known.status == life.status)
        #expect([known.amountCaptured, known.amountRefunded, known.amountLost].map(\.minorUnits) == life.amounts)
        #expect(standing.balances == life.balances)
        #expect(standing.open.isEmpty && Set(standing.booked).count == standing.booked.count)
    }
}
