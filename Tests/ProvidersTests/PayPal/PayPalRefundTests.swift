import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

@Suite("PayPal refunds")
struct PayPalRefundTests {
    private let provider = PayPalSamples.provider()
    private let path = "POST /v2/payments/captures/1AB12341XY567891A/refund"

    private var charge: Charge {
        var charge = PayPalSamples.charge()
        charge.status = .succeeded
        charge.paidBy = "1AB12341XY567891A"
        return charge
    }

    private var refund: Refund {
        Refund(
            id: RefundID(value: 9),
            chargeID: charge.id,
            provider: .payPal,
            amount: Amount(minorUnits: 1000, asset: .usd),
            createdAt: PayPalSamples.created
        )
    }

    private func answer(_ status: String) -> JSONValue {
        [
            "id": "1JU08902781691411", "status": .string(status), "amount": ["currency_code": "USD", "value": "10.00"],
            "custom_id": .string(refund.id.description), "create_time": "2026-11-22T04:00:10Z", "update_time": "2026-11-22T04:00:11Z",
            "links": [["rel": "up", "href": "https://api.paypal.com/v2/payments/captures/1AB12341XY567891A"]],
        ]
    }

    private func perform(_ api: ScriptedPayPal, after seconds: Int = 60) async -> ProviderOutcome {
        await provider.perform(.refund(refund), for: charge, at: PayPalSamples.created.advanced(by: .seconds(seconds)), send: api.send)
    }

    private func states(_ outcome: ProviderOutcome) -> [PaymentFact.Refund.State] {
        guard case .facts(let facts) = outcome else { return [] }
        return facts.compactMap { if case .refund(let refund) = $0.kind { refund.state } else { nil } }
    }

    @Test("money goes back by the capture's id, under the refund's own id")
    func refunding() async throws {
        let api = ScriptedPayPal()
        api.answer(path, answer("COMPLETED"), status: 201)
        guard case .facts(let facts) = await perform(api) else {
            Issue.record("no facts")
            return
        }
        let told = PaymentFact.Refund(refundID: refund.id, transaction: "1JU08902781691411", amount: refund.amount, state: .succeeded)
        #expect(facts.map(\.kind) == [.refund(told)] && facts.first?.subject == .charge(charge.id))
        let request = try #require(api.requests.last)
        #expect(request.headers[.payPalRequestID] == refund.id.description)
        let body = try JSONValue.parse(request.body)
        #expect(body["amount"]?["value"]?.string == "10.00" && body["custom_id"]?.string == refund.id.description)
    }

    @Test("how a refund stands")
    func standing() async {
        let table: [(String, PaymentFact.Refund.State)] = [
            ("COMPLETED", .succeeded), ("PENDING", .pending), ("FAILED", .failed(reason: "FAILED")), ("CANCELLED", .canceled),
            ("NEW_STATUS", .pending),
        ]
        for (status, state) in table {
            let api = ScriptedPayPal()
            api.answer(path, answer(status), status: 201)
            #expect(states(await perform(api)) == [state], "\(status)")
        }
    }

    @Test(
        "a definite no is a refusal with PayPal's word",
        arguments: [
            "CAPTURE_FULLY_REFUNDED", "REFUND_AMOUNT_EXCEEDED", "REFUND_NOT_ALLOWED", "PARTIAL_REFUND_NOT_ALLOWED", "PENDING_CAPTURE",
            "REFUND_FAILED_INSUFFICIENT_FUNDS", "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK", "TRANSACTION_DISPUTED",
            "MAX_NUMBER_OF_REFUNDS_EXCEEDED", "REFUND_TIME_LIMIT_EXCEEDED",
        ]
    )
    func refused(issue: String) async {
        let api = ScriptedPayPal()
        api.refuse(path, issue)
        guard case .refused(let reason) = await perform(api) else {
            Issue.record("not refused")
            return
        }
        #expect(reason.providerCode == issue && reason.code == "refund_refused" && reason.message.hasSuffix("."))
    }

    @Test("a lost answer is asked for again under the same id, and after 44 days looked for in the order")
    func lost() async {
        let api = ScriptedPayPal()
        api.answer(path, .unknown(reason: "timed out"))
        api.answer(path, answer("COMPLETED"))
        guard case .unknown = await perform(api) else {
            Issue.record("known")
            return
        }
        #expect(states(await perform(api)) == [.succeeded])
        #expect(Set(api.requests.dropFirst().map(\.headers)).count == 1)

        let old = ScriptedPayPal()
        let unit: JSONValue = ["custom_id": .string(charge.id.description), "payments": ["refunds": [answer("COMPLETED")]]]
        old.answer(
            "GET /v2/checkout/orders/5O190127TN364715T",
            ["id": "5O190127TN364715T", "status": "COMPLETED", "purchase_units": [unit]]
        )
        #expect(states(await perform(old, after: 45 * 86_400)) == [.succeeded])
        #expect(old.asked == ["GET /v2/checkout/orders/5O190127TN364715T"])
    }

    @Test("a charge without a capture has nothing to give back")
    func nothing() async {
        let api = ScriptedPayPal()
        guard
            case .refused = await provider.perform(.refund(refund), for: PayPalSamples.charge(), at: PayPalSamples.created, send: api.send)
        else {
            Issue.record("not refused")
            return
        }
        #expect(api.requests.isEmpty)
    }
}
