import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

@Suite("Stripe captures, cancellations, refunds and look-ups")
struct StripeOperationsAfterPaymentTests {
    private static let now = Timestamp(seconds: 1_795_460_000)
    private static let id = ChargeID(value: 5)
    private let provider = StripeProvider(
        profile: ProviderProfile(name: .stripe, methods: [:]),
        secretKey: SecretText("sk_test_secret"),
        webhookSecrets: [],
        apiBase: "http://stripe.example/"
    )

    private static func thb(_ satang: Int128) -> Amount { Amount(minorUnits: satang, asset: .thb) }

    private var charge: Charge {
        let order = ChargeOrder(orderID: "o", amount: Self.thb(24000), method: .card, capture: .manual, cardToken: "pm_card_visa")
        var charge = Charge(id: Self.id, order: order, provider: .stripe, createdAt: Self.now)
        charge.providerReference = "pi_1"
        return charge
    }

    private var refund: Refund {
        Refund(id: RefundID(value: 9), chargeID: Self.id, provider: .stripe, amount: Self.thb(4000), createdAt: Self.now)
    }

    private static func intent(_ status: String, received: Int = 0, charge: String = #""ch_1""#) -> String {
        """
        {"id":"pi_1","object":"payment_intent","amount":24000,"amount_received":\(received),"amount_capturable":24000,"currency":"thb",
        "created":1795460001,"metadata":{"charge_id":"\(id)"},"status":"\(status)","latest_charge":\(charge)}
        """
    }

    private static func refundObject(_ status: String, id: String? = RefundID(value: 9).description) -> String {
        let metadata = id.map { #"{"refund_id":"\#($0)"}"# } ?? "{}"
        return """
            {"id":"re_1","object":"refund","amount":4000,"currency":"thb","created":1795460002,"status":"\(status)","payment_intent":"pi_1",
            "metadata":\(metadata)}
            """
    }

    private actor Recorder {
        var requests: [ProviderRequest] = []
        private var answers: [ProviderAnswer]

        init(_ answers: [ProviderAnswer]) { self.answers = answers }

        func answer(_ request: ProviderRequest) -> ProviderAnswer {
            requests.append(request)
            return answers.isEmpty ? .unknown(reason: "no more answers") : answers.removeFirst()
        }
    }

    private func perform(
        _ operation: ProviderOperation,
        _ answers: [ProviderAnswer],
        at now: Timestamp = now
    ) async -> (ProviderOutcome, [ProviderRequest]) {
        let recorder = Recorder(answers)
        let outcome = await provider.perform(operation, for: charge, at: now) { await recorder.answer($0) }
        return (outcome, await recorder.requests)
    }

    private static func answered(_ status: Int, _ body: String, _ headers: HTTPFields = [:]) -> ProviderAnswer {
        .answered(status: status, headers: headers, body: Array(body.utf8))
    }

    private static func error(_ code: String, type: String = "invalid_request_error", status: Int = 400) -> ProviderAnswer {
        answered(status, #"{"error":{"type":"\#(type)","code":"\#(code)"}}"#)
    }

    @Test("a partial capture takes what was asked for")
    func capture() async throws {
        let (outcome, requests) = await perform(
            .capture(Self.thb(15000)),
            [Self.answered(200, Self.intent("succeeded", received: 15000))]
        )
        #expect(requests.first?.url == "http://stripe.example/v1/payment_intents/pi_1/capture")
        #expect(requests.first.map { String(decoding: $0.body, as: UTF8.self) } == "amount_to_capture=15000")
        guard case .facts(let facts) = outcome, case .captured(let capture)? = facts.first?.kind else {
            Issue.record("\(outcome)")
            return
        }
        #expect(capture.amount == Self.thb(15000))
    }

    @Test("a capture that Stripe refuses is a refusal while the money is still held, and the truth when it is not")
    func captureRefused() async {
        let refused = Self.error("charge_expired_for_capture")
        let held = await perform(.capture(Self.thb(24000)), [refused, Self.answered(200, Self.intent("requires_capture"))]).0
        guard case .refused(let failure) = held else {
            Issue.record("\(held)")
            return
        }
        #expect(failure.providerCode == "charge_expired_for_capture")
        for (status, isEnd) in [("succeeded", true), ("canceled", true)] {
            let outcome = await perform(.capture(Self.thb(24000)), [refused, Self.answered(200, Self.intent(status, received: 24000))]).0
            guard case .facts = outcome else {
                Issue.record("\(status) \(isEnd): \(outcome)")
                continue
            }
        }
    }

    @Test("a capture or a cancellation whose outcome is not certain is never a refusal", arguments: [500, 503, 409, 424])
    func uncertain(status: Int) async {
        let broken = Self.answered(status, "{}")
        for operation in [ProviderOperation.capture(Self.thb(24000)), .cancel, .expire, .refund(refund)] {
            let outcome = await perform(operation, [broken, broken, broken]).0
            guard case .unknown = outcome else {
                Issue.record("\(operation.name): \(outcome)")
                continue
            }
        }
        let (outcome, _) = await perform(
            .capture(Self.thb(24000)),
            [broken, Self.answered(200, Self.intent("succeeded", received: 24000))]
        )
        guard case .facts = outcome else {
            Issue.record("a capture that had happened: \(outcome)")
            return
        }
    }

    @Test("a cancellation that is too late tells that the payment succeeded")
    func cancel() async {
        let (outcome, requests) = await perform(
            .cancel,
            [Self.error("payment_intent_unexpected_state"), Self.answered(200, Self.intent("succeeded", received: 24000))]
        )
        #expect(requests.first?.url.hasSuffix("/pi_1/cancel") == true)
        guard case .facts(let facts) = outcome, case .captured? = facts.first?.kind else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test("a refund carries our id, in its key and in its notes")
    func refundRequest() async {
        let (outcome, requests) = await perform(.refund(refund), [Self.answered(200, Self.refundObject("succeeded"))])
        let body = requests.first.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
        #expect(body.contains("payment_intent=pi_1&amount=4000&metadata%5Brefund_id%5D=\(RefundID(value: 9))"))
        #expect(requests.first?.headers[HTTPField.Name("Idempotency-Key")!] == "truvapay-\(RefundID(value: 9))-refund-1")
        guard case .facts(let facts) = outcome, case .refund(let told)? = facts.first?.kind else {
            Issue.record("\(outcome)")
            return
        }
        #expect(told.refundID == refund.id && told.transaction == "re_1" && told.state == .succeeded)
    }

    @Test("a refund that Stripe refuses is refused; one under a used key is looked for")
    func refundRefused() async {
        for code in ["charge_already_refunded", "charge_disputed", "amount_too_large"] {
            guard case .refused(let failure) = await perform(.refund(refund), [Self.error(code)]).0 else {
                Issue.record("\(code) is no refusal")
                continue
            }
            #expect(failure.providerCode == code)
        }
        let page = Self.answered(200, #"{"data":[\#(Self.refundObject("pending"))],"has_more":false}"#)
        for first in [Self.error("x", type: "idempotency_error"), Self.answered(500, "{}")] {
            guard case .facts = await perform(.refund(refund), [first, page]).0 else {
                Issue.record("the refund was there")
                continue
            }
        }
    }

    @Test("after the key's day a refund is looked for and never asked for again")
    func oldRefund() async {
        let later = Self.now.advanced(by: .seconds(24 * 3600))
        let other = Self.answered(200, #"{"data":[\#(Self.refundObject("succeeded", id: nil))],"has_more":false}"#)
        let (outcome, requests) = await perform(.refund(refund), [other], at: later)
        guard case .refused = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(requests.count == 1 && requests.first?.method == .get)
        let own = Self.answered(200, #"{"data":[\#(Self.refundObject("succeeded"))],"has_more":false}"#)
        guard case .facts = await perform(.refund(refund), [own], at: later).0 else {
            Issue.record("ours was there")
            return
        }
    }

    @Test("a look-up tells the fee, and the refunds when there are any")
    func fetch() async {
        let movement = #"{"id":"txn_1","object":"balance_transaction","amount":24000,"fee":937,"currency":"thb","created":1795460003}"#
        let charge = #"{"id":"ch_1","amount_refunded":4000,"balance_transaction":\#(movement)}"#
        let page = Self.answered(200, #"{"data":[\#(Self.refundObject("succeeded"))],"has_more":false}"#)
        let (outcome, requests) = await perform(
            .fetch,
            [Self.answered(200, Self.intent("succeeded", received: 24000, charge: charge)), page]
        )
        #expect(requests.first?.url.contains("expand%5B%5D=latest_charge.balance_transaction") == true)
        guard case .facts(let facts) = outcome, facts.count == 3 else {
            Issue.record("\(outcome)")
            return
        }
        #expect(facts[1].kind == .fee(PaymentFact.Fee(transaction: "txn_1", amount: Self.thb(937))))
        guard case .refund = facts[2].kind else {
            Issue.record("no refund")
            return
        }
    }

    @Test("Stripe-Should-Retry decides whether a refusal is one, and whether an error is repeated soon")
    func shouldRetry() async throws {
        let name = try #require(HTTPField.Name("Stripe-Should-Retry"))
        let body = #"{"error":{"type":"invalid_request_error","code":"lock_timeout"}}"#
        let retried = await perform(.refund(refund), [Self.answered(400, body, [name: "true"]), Self.answered(500, "{}")]).0
        guard case .unknown = retried else {
            Issue.record("\(retried)")
            return
        }
        let stopped = await perform(.refund(refund), [Self.answered(500, "{}", [name: "false"]), Self.answered(500, "{}")]).0
        guard case .unknown(_, let wait) = stopped else {
            Issue.record("\(stopped)")
            return
        }
        #expect(wait == .seconds(60))
    }

    @Test("Stripe's own counting of currencies")
    func currencies() throws {
        for (code, minorUnits, stripe) in [
            ("JPY", 500, 500), ("KRW", 500, 500), ("ISK", 5, 500), ("UGX", 5, 500), ("KWD", 1230, 1230), ("THB", 24000, 24000),
        ] as [(String, Int128, Int64)] {
            guard let asset = Asset(code: code) else { continue }
            #expect(StripeAmount.minorUnits(Amount(minorUnits: minorUnits, asset: asset)) == stripe, "\(code)")
            #expect(try StripeAmount.amount(stripe, currency: code.lowercased()) == Amount(minorUnits: minorUnits, asset: asset))
        }
        if let dinar = Asset(code: "KWD") { #expect(StripeAmount.minorUnits(Amount(minorUnits: 1234, asset: dinar)) == nil) }
    }
}
