import HTTPTypes
import Payments
import StrictJSON
import Testing

@testable import Providers

@Suite("operations at the crypto processor")
struct CryptoOperationsTests {
    private typealias Payment = CryptoInvoiceText.Payment
    private static let now = Timestamp(seconds: CryptoScene.created + 1)
    private let invoice = CryptoInvoiceText()
    private let provider = CryptoScene.provider()

    private actor Recorder {
        var requests: [ProviderRequest] = []
        private var answers: [ProviderAnswer]

        init(_ answers: [ProviderAnswer]) { self.answers = answers }

        func answer(_ request: ProviderRequest) -> ProviderAnswer {
            requests.append(request)
            return answers.isEmpty ? .unknown(reason: "no more answers") : answers.removeFirst()
        }
    }

    private static let base = "http://processor.example/api/v1/stores/truvapay/invoices"

    private func perform(
        _ operation: ProviderOperation,
        _ answers: [ProviderAnswer],
        named: Bool = false,
        at second: Int64 = 1
    ) async -> (outcome: ProviderOutcome, requests: [ProviderRequest]) {
        let recorder = Recorder(answers)
        var charge = CryptoScene.charge()
        if named {
            charge.providerReference = "inv1"
            charge.status = .requiresAction
        }
        let now = Timestamp(seconds: CryptoScene.created + second)
        let outcome = await provider.perform(operation, for: charge, at: now) { await recorder.answer($0) }
        return (outcome, await recorder.requests)
    }

    private func good(_ text: CryptoInvoiceText) -> ProviderAnswer { .answered(status: 200, headers: [:], body: text.bytes) }

    private func list(_ texts: [CryptoInvoiceText]) -> ProviderAnswer {
        let joined = texts.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: ",")
        return .answered(status: 200, headers: [:], body: Array("[\(joined)]".utf8))
    }

    private func status(_ status: Int, _ headers: HTTPFields = [:]) -> ProviderAnswer {
        .answered(status: status, headers: headers, body: Array("{}".utf8))
    }

    private func kinds(_ outcome: ProviderOutcome) -> [String] {
        guard case .facts(let facts) = outcome else { return ["\(outcome)"] }
        return facts.map { String("\($0.kind)".prefix { $0 != "(" }) }
    }

    @Test("create looks first, because the processor has no idempotency keys, and then makes the invoice")
    func create() async throws {
        let (outcome, requests) = await perform(.create, [list([]), good(invoice)])
        #expect(kinds(outcome) == ["actionRequired"])
        #expect(requests.map(\.url) == ["\(Self.base)?orderId=\(CryptoScene.id)", Self.base])
        let body = try JSONValue.parse(requests.last?.body ?? [])
        #expect(body["amount"]?.string == "80.00" && body["currency"]?.string == "THB")
        #expect(body["metadata"]?["orderId"]?.string == CryptoScene.id.description)
        #expect(body["checkout"]?["paymentMethods"]?.array?.first?.string == "BTC-CHAIN")
        #expect(body["checkout"]?["expirationTime"]?.int64 == CryptoScene.created + 900)
        #expect(body["checkout"]?["monitoringMinutes"]?.int64 == 60 && body["checkout"]?["confirmations"]?.int64 == 2)
    }

    @Test("after a lost answer the invoice is found, the first one where there are two")
    func found() async {
        var second = invoice
        second.id = "inv2"
        var foreign = invoice
        (foreign.id, foreign.orderID) = ("inv0", "somebody")
        let (outcome, requests) = await perform(.create, [list([second, foreign, invoice])])
        guard case .facts(let facts) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(facts.map(\.providerReference) == ["inv1"] && requests.count == 1)
    }

    @Test("what is not known stays unknown, what was certainly not done is done later, a refusal fails the charge")
    func outcomes() async {
        let lost = ProviderAnswer.unknown(reason: "no answer")
        let down = ProviderAnswer.notSent(reason: "refused")
        #expect(await perform(.create, [list([]), lost]).outcome == .unknown(reason: "no answer", retryAfter: nil))
        #expect(await perform(.create, [down]).outcome == .notDone(reason: "refused", retryAfter: nil))
        #expect(await perform(.create, [lost]).outcome == .unknown(reason: "no answer", retryAfter: nil))
        let slow = await perform(.create, [list([]), status(429, [.retryAfter: "7"])]).outcome
        #expect(slow == .notDone(reason: "the processor answered 429", retryAfter: .seconds(7)))
        let broken = await perform(.create, [list([]), status(503, [.retryAfter: "9"])]).outcome
        #expect(broken == .unknown(reason: "the processor answered 503", retryAfter: .seconds(9)))
        let page = ProviderAnswer.answered(status: 200, headers: [:], body: Array("<html>".utf8))
        #expect(await perform(.create, [list([]), page]).outcome == .unknown(reason: "the answer is no JSON", retryAfter: nil))
        #expect(kinds(await perform(.create, [list([]), status(422)]).outcome) == ["attemptFailed"])
        var other = invoice
        other.due = "0.00009999"
        let dear = await perform(.create, [list([]), good(other)]).outcome
        #expect(dear == .unknown(reason: "the quote is not the price at the rate", retryAfter: nil))
    }

    @Test("an invoice is not made after its charge's time")
    func tooLate() async {
        let (outcome, requests) = await perform(.create, [list([])], at: 900)
        #expect(kinds(outcome) == ["expired"] && requests.count == 1)
    }

    @Test("the expiry waits for money that is on its way, and takes what has come")
    func expire() async {
        #expect(kinds(await perform(.expire, [good(invoice)], named: true, at: 901).outcome) == ["expired"])
        let seen = invoice.with("Processing", [Payment()])
        let waiting = await perform(.expire, [good(seen)], named: true, at: 901).outcome
        #expect(waiting == .unknown(reason: "a payment waits for confirmations", retryAfter: .seconds(30)))
        let settled = invoice.with("Settled", [Payment(confirmations: 2)])
        #expect(kinds(await perform(.expire, [good(settled)], named: true, at: 901).outcome) == ["captured"])
        #expect(kinds(await perform(.expire, [list([])], at: 901).outcome) == ["expired"])
    }

    @Test("a charge is closed only while nothing has come for it")
    func cancel() async {
        let (closed, requests) = await perform(.cancel, [good(invoice), status(200)], named: true)
        #expect(kinds(closed) == ["canceled"] && requests.last?.url == "\(Self.base)/inv1/status")
        let paid = await perform(.cancel, [good(invoice.with("New", [Payment(value: "0.00000001")]))], named: true).outcome
        guard case .refused(let reason) = paid else {
            Issue.record("\(paid)")
            return
        }
        #expect(reason.providerCode == "payment_under_way")
    }

    @Test("captures and refunds are refused definitely")
    func refused() async {
        let (outcome, requests) = await perform(.capture(Amount(minorUnits: 1, asset: .thb)), [])
        guard case .refused = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(requests.isEmpty)
    }

    @Test("an inquiry takes only invoices that are ours, and waits for a charge that is about to be known")
    func inquiries() async {
        let object = EventObject(subject: .reference("inv1"), kind: "invoice", id: "inv1")
        let paid = invoice.with("Processing", [Payment()])
        var foreign = paid
        foreign.orderID = "somebody"
        let cases: [(ProviderAnswer, Charge?, String)] = [
            (good(paid), CryptoScene.charge(), "facts"), (good(paid), nil, "unknown"), (good(invoice), nil, "facts"),
            (good(foreign), nil, "refused"), (status(404), nil, "refused"), (status(500), CryptoScene.charge(), "unknown"),
        ]
        for (answer, charge, expected) in cases {
            let outcome = await provider.inquire(object, for: charge, at: Self.now) { _ in answer }
            #expect("\(outcome)".hasPrefix(expected), "\(outcome)")
        }
    }
}
