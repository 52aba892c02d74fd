import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

@Suite("Stripe operations")
struct StripeOperationsTests {
    private static let now = Timestamp(seconds: 1_795_460_000)
    private let provider = StripeProvider(
        profile: ProviderProfile(name: .stripe, methods: [:]),
        secretKey: SecretText("sk_test_secret"),
        webhookSecrets: [],
        apiBase: "http://stripe.example/"
    )

    private func charge(reference: String? = nil, capture: CaptureMode = .automatic) -> Charge {
        let order = ChargeOrder(
            orderID: "LT 1",
            amount: Amount(minorUnits: 24000, asset: .thb),
            method: .card,
            capture: capture,
            cardToken: "pm_card_visa",
            returnURL: "https://shop.example/back?a=1&b=2"
        )
        var charge = Charge(id: ChargeID(value: 5), order: order, provider: .stripe, createdAt: Self.now)
        charge.providerReference = reference
        return charge
    }

    private func intent(_ status: String, _ extra: String = "") -> String {
        """
        {"id":"pi_1","object":"payment_intent","amount":24000,"amount_received":24000,"currency":"thb","created":1795460001,
        "metadata":{"charge_id":"\(ChargeID(value: 5))"},"status":"\(status)"\(extra)}
        """
    }

    private func perform(_ answers: [ProviderAnswer], at now: Timestamp = now, _ charge: Charge? = nil) async -> (
        ProviderOutcome, [ProviderRequest]
    ) {
        let recorder = Recorder(answers)
        let outcome = await provider.perform(.create, for: charge ?? self.charge(), at: now) { await recorder.answer($0) }
        return (outcome, await recorder.requests)
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

    private func answered(_ status: Int, _ body: String, _ headers: HTTPFields = [:]) -> ProviderAnswer {
        .answered(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test("the request is what the official library would send, with brackets encoded")
    func request() async throws {
        let (_, requests) = await perform([answered(200, intent("succeeded"))], charge(capture: .manual))
        let request = try #require(requests.first)
        #expect(request.url == "http://stripe.example/v1/payment_intents")
        #expect(request.headers[.authorization] == "Bearer sk_test_secret")
        #expect(request.headers[HTTPField.Name("Stripe-Version")!] == "2026-07-29.dahlia")
        #expect(request.headers[HTTPField.Name("Idempotency-Key")!] == "truvapay-\(ChargeID(value: 5))-create-1")
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(body.contains("payment_method_types%5B%5D=card"))
        #expect(body.contains("metadata%5Border_id%5D=LT%201"))
        #expect(body.contains("return_url=https%3A%2F%2Fshop.example%2Fback%3Fa%3D1%26b%3D2"))
        #expect(body.contains("capture_method=manual") && body.contains("amount=24000") && body.contains("currency=thb"))
    }

    @Test("each status of an answer is one fact")
    func statuses() async {
        let cases: [(String, PaymentFact.Kind)] = [
            (intent("succeeded"), .captured(PaymentFact.Capture(amount: Amount(minorUnits: 24000, asset: .thb), transaction: "pi_1"))),
            (intent("requires_capture"), .authorized(Amount(minorUnits: 24000, asset: .thb))),
            (intent("canceled"), .canceled), (intent("processing"), .processing), (intent("a_status_of_the_future"), .processing),
            (
                intent("requires_action", #","next_action":{"type":"redirect_to_url","redirect_to_url":{"url":"https://bank.example"}}"#),
                .actionRequired(.redirect(url: "https://bank.example"))
            ),
            (intent("requires_action", #","next_action":{"type":"use_stripe_sdk"}"#), .processing),
        ]
        for (body, kind) in cases {
            let (outcome, _) = await perform([answered(200, body)])
            guard case .facts(let facts) = outcome else {
                Issue.record("no facts for \(kind)")
                continue
            }
            #expect(facts.map(\.kind) == [kind])
            #expect(facts.first?.subject == .charge(ChargeID(value: 5)))
        }
    }

    @Test("a decline is a failure with our code, whatever its type")
    func declines() async {
        for (status, type) in [(402, "card_error"), (402, "invalid_request_error"), (400, "invalid_request_error")] {
            let body = #"{"error":{"type":"\#(type)","code":"card_declined","decline_code":"insufficient_funds","message":"x"}}"#
            let (outcome, _) = await perform([answered(status, body)])
            guard case .facts(let facts) = outcome, case .attemptFailed(let failure)? = facts.first?.kind else {
                Issue.record("\(status) is no failure")
                continue
            }
            #expect(failure.code == "insufficient_funds" && failure.isRetryable)
        }
    }

    @Test("a lost card is not called one to the customer")
    func lostCard() async {
        let body = #"{"error":{"type":"card_error","code":"card_declined","decline_code":"lost_card"}}"#
        let (outcome, _) = await perform([answered(402, body)])
        guard case .facts(let facts) = outcome, case .attemptFailed(let failure)? = facts.first?.kind else {
            Issue.record("no failure")
            return
        }
        #expect(failure.code == "card_declined" && !failure.message.contains("lost") && failure.providerCode == "lost_card")
    }

    @Test("what is not certain is never a failure")
    func unknown() async {
        let page = answered(200, "<html></html>")
        for answer in [
            answered(500, "{}"), answered(503, ""), answered(409, "{}"), answered(424, "{}"), page, .unknown(reason: "timed out"),
        ] {
            let (outcome, _) = await perform([answer, answered(200, #"{"data":[],"has_more":false}"#)])
            guard case .unknown = outcome else {
                Issue.record("\(answer) became \(outcome)")
                continue
            }
        }
    }

    @Test("what certainly did not happen is repeated later, as long as asked")
    func notDone() async {
        let limited = await perform([answered(429, "{}", [.retryAfter: "7"])]).0
        guard case .notDone(_, .some(.seconds(7))) = limited else {
            Issue.record("\(limited)")
            return
        }
        for answer in [ProviderAnswer.notSent(reason: "refused"), answered(401, "{}")] {
            guard case .notDone = await perform([answer]).0 else {
                Issue.record("\(answer)")
                continue
            }
        }
    }

    @Test("after a stored 500 the payment is found by our id in its metadata")
    func lookUp() async {
        let page =
            #"{"data":[{"id":"pi_0","object":"payment_intent","amount":1,"currency":"thb","status":"succeeded"},\#(intent("succeeded"))],"has_more":false}"#
        let (outcome, requests) = await perform([answered(500, "{}"), answered(200, page)])
        guard case .facts(let facts) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(facts.first?.providerReference == "pi_1")
        #expect(requests.map(\.method) == [.post, .get])
    }

    @Test("a payment whose name is known is only read, and a key that may have been forgotten is not used again")
    func neverTwice() async {
        let (_, known) = await perform([answered(200, intent("succeeded"))], charge(reference: "pi_1"))
        #expect(known.map(\.method) == [.get])
        let (_, old) = await perform([answered(200, #"{"data":[],"has_more":false}"#)], at: Self.now.advanced(by: .seconds(86_400)))
        #expect(old.map(\.method) == [.get])
    }

    @Test("no secret is in what is printed")
    func scrub() async {
        let (outcome, _) = await perform([answered(401, #"{"error":{"message":"Invalid API Key provided: sk_test_secret"}}"#)])
        #expect(!"\(outcome)".contains("sk_test_secret"))
        #expect(!"\(provider)".contains("sk_test_secret"))
        #expect(!String(reflecting: provider).contains("sk_test_secret"))
    }
}
