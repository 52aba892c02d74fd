import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

@Suite("PayPal operations")
struct PayPalOperationsTests {
    private let provider = PayPalSamples.provider()
    private let now = PayPalSamples.created.advanced(by: .seconds(60))
    private let create = "POST /v2/checkout/orders"
    private let order = "GET /v2/checkout/orders/5O190127TN364715T"
    private let capture = "POST /v2/checkout/orders/5O190127TN364715T/capture"
    private let authorize = "POST /v2/checkout/orders/5O190127TN364715T/authorize"

    private func perform(_ operation: ProviderOperation, _ charge: Charge, _ api: ScriptedPayPal) async -> ProviderOutcome {
        await provider.perform(operation, for: charge, at: now, send: api.send)
    }

    private func kinds(_ outcome: ProviderOutcome) -> [PaymentFact.Kind] {
        if case .facts(let facts) = outcome { facts.map(\.kind) } else { [] }
    }

    private func isUnknown(_ outcome: ProviderOutcome) -> Bool { if case .unknown = outcome { true } else { false } }

    /// The API's order of our charge.
    private func order(
        _ status: String,
        links: JSONValue = [],
        captures: JSONValue? = nil,
        authorizations: JSONValue? = nil,
        refunds: JSONValue? = nil
    ) -> JSONValue {
        var payments = JSONObject()
        payments["captures"] = captures
        payments["authorizations"] = authorizations
        payments["refunds"] = refunds
        let unit: JSONValue = ["custom_id": .string(ChargeID(value: 7).description), "payments": .object(payments)]
        return [
            "id": "5O190127TN364715T", "status": .string(status), "purchase_units": [unit], "links": links,
            "create_time": "2026-11-16T08:29:40Z",
        ]
    }

    private func taken(_ status: String, value: String = "25.00") -> JSONValue {
        [
            "id": "1AB12341XY567891A", "status": .string(status), "amount": ["currency_code": "USD", "value": .string(value)],
            "custom_id": .string(ChargeID(value: 7).description), "create_time": "2026-11-22T04:00:10Z",
            "update_time": "2026-11-22T04:00:11Z",
            "seller_receivable_breakdown": ["paypal_fee": ["currency_code": "USD", "value": "1.40"]],
        ]
    }

    private func held(_ status: String) -> JSONValue {
        [
            "id": "2GG279541U471931P", "status": .string(status), "amount": ["currency_code": "USD", "value": "25.00"],
            "create_time": "2026-11-22T04:00:10Z", "update_time": "2026-11-22T04:00:11Z",
        ]
    }

    private var capturedKinds: [PaymentFact.Kind] {
        let amount = Amount(minorUnits: 2500, asset: .usd)
        let fee = Amount(minorUnits: 140, asset: .usd)
        return [
            .captured(PaymentFact.Capture(amount: amount, transaction: "1AB12341XY567891A")),
            .fee(PaymentFact.Fee(transaction: "1AB12341XY567891A", amount: fee)),
        ]
    }

    @Test(
        "an order is created with our id, and the payer is sent where PayPal says, whatever the link is called",
        arguments: ["approve", "payer-action"]
    )
    func creating(rel: String) async throws {
        let api = ScriptedPayPal()
        let links: JSONValue = [
            ["rel": "self", "href": "https://a.example"], ["rel": .string(rel), "href": "https://www.paypal.com/checkoutnow?token=5O"],
        ]
        api.answer(create, order("PAYER_ACTION_REQUIRED", links: links), status: 201)
        let charge = PayPalSamples.charge(reference: nil)
        guard case .facts(let facts) = await perform(.create, charge, api) else {
            Issue.record("no facts")
            return
        }
        #expect(facts.map(\.kind) == [.actionRequired(.redirect(url: "https://www.paypal.com/checkoutnow?token=5O"))])
        #expect(facts.first?.providerReference == "5O190127TN364715T" && facts.first?.subject == .charge(charge.id))
        let request = try #require(api.requests.last)
        #expect(request.headers[.payPalRequestID] == "\(charge.id):create" && request.headers[.prefer] == "return=representation")
        let body = try JSONValue.parse(request.body)
        #expect(body["intent"]?.string == "CAPTURE")
        let unit = try #require(body["purchase_units"]?.array?.first)
        #expect(unit["custom_id"]?.string == charge.id.description && unit["amount"]?["value"]?.string == "25.00")
        let context = body["payment_source"]?["paypal"]?["experience_context"]
        #expect(
            context?["return_url"]?.string == "https://shop.example/back" && context?["cancel_url"]?.string == "https://shop.example/back"
        )
    }

    @Test("a repetition is the same request, byte for byte; beyond six hours it is not made")
    func repeating() async throws {
        let api = ScriptedPayPal()
        api.answer(create, .unknown(reason: "timed out"))
        let charge = PayPalSamples.charge(capture: .manual, reference: nil)
        for _ in 0..<2 { #expect(isUnknown(await perform(.create, charge, api))) }
        let bodies = api.requests.filter { $0.url.hasSuffix("/v2/checkout/orders") }
        #expect(bodies.count == 2 && bodies[0] == bodies[1])
        #expect(try JSONValue.parse(bodies[0].body)["intent"]?.string == "AUTHORIZE")
        let late = charge.createdAt.advanced(by: .seconds(6 * 3600))
        guard case .attemptFailed = kinds(await provider.perform(.create, for: charge, at: late, send: api.send)).first else {
            Issue.record("an order whose key is forgotten is made again")
            return
        }
        #expect(api.asked.count == 2)
    }

    @Test(
        "what PayPal will never take fails the charge at once",
        arguments: ["DUPLICATE_INVOICE_ID", "CURRENCY_MISMATCH", "SOMETHING_NEW"]
    )
    func refusedCreation(issue: String) async {
        let api = ScriptedPayPal()
        api.refuse(create, issue)
        guard case .attemptFailed(let failure) = kinds(await perform(.create, PayPalSamples.charge(reference: nil), api)).first else {
            Issue.record("no failure")
            return
        }
        #expect(failure.providerCode == issue && failure.code == "provider_refused")
    }

    @Test("an approved order is completed, once and under one key")
    func approved() async {
        let api = ScriptedPayPal()
        api.answer(order, order("APPROVED"))
        api.answer(capture, order("COMPLETED", captures: [taken("COMPLETED")]), status: 201)
        let charge = PayPalSamples.charge()
        #expect(kinds(await perform(.fetch, charge, api)) == capturedKinds)
        #expect(api.asked == [order, capture])
        #expect(api.requests.last?.headers[.payPalRequestID] == "\(charge.id):capture-order")
    }

    @Test("with manual capture the money of an approved order is held")
    func authorized() async {
        let api = ScriptedPayPal()
        api.answer(order, order("APPROVED"))
        api.answer(authorize, order("COMPLETED", authorizations: [held("CREATED")]), status: 201)
        let outcome = await perform(.fetch, PayPalSamples.charge(capture: .manual), api)
        #expect(kinds(outcome) == [.authorized(Amount(minorUnits: 2500, asset: .usd))])
    }

    @Test("an approved order of a charge that is over, or whose time has run out, is left alone")
    func late() async {
        let api = ScriptedPayPal()
        api.answer(order, order("APPROVED"))
        var closed = PayPalSamples.charge()
        closed.status = .expired
        #expect(kinds(await perform(.fetch, closed, api)) == [.processing])
        let after = PayPalSamples.created.advanced(by: .seconds(10_801))
        #expect(kinds(await provider.perform(.fetch, for: PayPalSamples.charge(), at: after, send: api.send)) == [.processing])
        #expect(!api.asked.contains(capture))
    }

    @Test(
        "an order is not paid before its capture says so",
        arguments: [("PENDING", 1), ("DECLINED", 2), ("FAILED", 2), ("NEW_STATUS", 1)]
    )
    func unpaid(status: String, kind: Int) async {
        let api = ScriptedPayPal()
        api.answer(order, order("COMPLETED", captures: [taken(status)]))
        let kinds = kinds(await perform(.fetch, PayPalSamples.charge(), api))
        if kind == 1 {
            #expect(kinds == [.processing])
        } else if case .attemptFailed(let failure)? = kinds.first {
            #expect(failure.providerCode == status)
        } else {
            Issue.record("\(kinds)")
        }
    }

    @Test("what PayPal answers to a capture")
    func issues() async {
        let table: [(String, String)] = [
            ("ORDER_ALREADY_CAPTURED", "look"), ("ORDER_NOT_APPROVED", "look"), ("ORDER_COMPLETION_IN_PROGRESS", "wait"),
            ("INSTRUMENT_DECLINED", "again"), ("PAYER_ACTION_REQUIRED", "again"), ("REDIRECT_PAYER_FOR_ALTERNATE_FUNDING", "again"),
            ("TRANSACTION_REFUSED", "failed"), ("COMPLIANCE_VIOLATION", "failed"), ("PAYER_ACCOUNT_RESTRICTED", "failed"),
            ("MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", "failed"), ("ACTION_DOES_NOT_MATCH_INTENT", "failed"), ("NEVER_SEEN", "failed"),
        ]
        for (issue, expected) in table {
            let api = ScriptedPayPal()
            api.answer(order, order("APPROVED"))
            api.answer(order, order("COMPLETED", captures: [taken("COMPLETED")]))
            api.refuse(capture, issue)
            var charge = PayPalSamples.charge()
            charge.nextAction = .redirect(url: "https://www.paypal.com/checkoutnow?token=5O")
            let outcome = await perform(.fetch, charge, api)
            switch expected {
            case "look": #expect(kinds(outcome) == capturedKinds, "\(issue)")
            case "wait": #expect(isUnknown(outcome), "\(issue)")
            case "again":
                #expect(kinds(outcome) == [.actionRequired(.redirect(url: "https://www.paypal.com/checkoutnow?token=5O"))], "\(issue)")
            default:
                guard case .attemptFailed(let failure)? = kinds(outcome).first else {
                    Issue.record("\(issue): \(outcome)")
                    continue
                }
                #expect(failure.providerCode == issue)
            }
        }
    }

    @Test("a charge whose time is over is closed without a call where nothing is held, and with one where something is")
    func expiring() async {
        for status in ["CREATED", "PAYER_ACTION_REQUIRED", "APPROVED", "VOIDED"] {
            let api = ScriptedPayPal()
            api.answer(order, order(status))
            #expect(kinds(await perform(.expire, PayPalSamples.charge(), api)) == [.expired], "\(status)")
            #expect(kinds(await perform(.cancel, PayPalSamples.charge(), api)) == [.canceled], "\(status)")
            #expect(api.asked == [order, order])
        }
        #expect(kinds(await perform(.expire, PayPalSamples.charge(reference: nil), ScriptedPayPal())) == [.expired])
        #expect(kinds(await perform(.expire, PayPalSamples.charge(), ScriptedPayPal())) == [.expired])
        let unknown = ScriptedPayPal()
        unknown.answer(order, order("NEW_STATUS"))
        #expect(isUnknown(await perform(.expire, PayPalSamples.charge(), unknown)))
    }

    @Test("a payment in the last moment wins over the end of time")
    func lastMoment() async {
        for operation in [ProviderOperation.expire, .cancel] {
            let api = ScriptedPayPal()
            api.answer(order, order("COMPLETED", captures: [taken("COMPLETED")]))
            #expect(kinds(await perform(operation, PayPalSamples.charge(), api)) == capturedKinds)
            let pending = ScriptedPayPal()
            pending.answer(order, order("COMPLETED", captures: [taken("PENDING")]))
            #expect(kinds(await perform(operation, PayPalSamples.charge(), pending)) == [.processing])
            let declined = ScriptedPayPal()
            declined.answer(order, order("COMPLETED", captures: [taken("DECLINED")]))
            #expect(kinds(await perform(operation, PayPalSamples.charge(), declined)).count == 1)
        }
    }

    @Test("what is held is let go, or found taken")
    func voiding() async {
        let void = "POST /v2/payments/authorizations/2GG279541U471931P/void"
        let charge = PayPalSamples.charge(capture: .manual)
        let api = ScriptedPayPal()
        api.answer(order, order("COMPLETED", authorizations: [held("CREATED")]))
        api.answer(void, .answered(status: 204, headers: [:], body: []))
        #expect(kinds(await perform(.cancel, charge, api)) == [.canceled])
        #expect(api.asked == [order, void])

        let taken = ScriptedPayPal()
        taken.answer(order, order("COMPLETED", authorizations: [held("CREATED")]))
        taken.answer(order, order("COMPLETED", captures: [self.taken("COMPLETED")], authorizations: [held("CAPTURED")]))
        taken.refuse(void, "PREVIOUSLY_CAPTURED")
        #expect(kinds(await perform(.cancel, charge, taken)) == capturedKinds)

        let lost = ScriptedPayPal()
        lost.answer(order, order("COMPLETED", authorizations: [held("CREATED")]))
        lost.answer(void, .unknown(reason: "timed out"))
        #expect(isUnknown(await perform(.cancel, charge, lost)))
    }

    @Test("part of what is held is taken, and the rest let go")
    func capturing() async throws {
        let path = "POST /v2/payments/authorizations/2GG279541U471931P/capture"
        let charge = PayPalSamples.charge(capture: .manual)
        let amount = Amount(minorUnits: 1000, asset: .usd)
        let api = ScriptedPayPal()
        api.answer(order, order("COMPLETED", authorizations: [held("CREATED")]))
        api.answer(path, taken("COMPLETED", value: "10.00"), status: 201)
        let kinds = kinds(await perform(.capture(amount), charge, api))
        #expect(kinds.first == .captured(PaymentFact.Capture(amount: amount, transaction: "1AB12341XY567891A")))
        let request = try #require(api.requests.last)
        let body = try JSONValue.parse(request.body)
        #expect(body["final_capture"]?.bool == true && body["amount"]?["value"]?.string == "10.00")
        #expect(request.headers[.payPalRequestID] == "\(charge.id):capture")

        // The answer was lost, and the order tells what became of it.
        let again = ScriptedPayPal()
        again.answer(order, order("COMPLETED", captures: [taken("COMPLETED", value: "10.00")], authorizations: [held("CAPTURED")]))
        #expect(self.kinds(await perform(.capture(amount), charge, again)).count == 2)
        #expect(again.asked == [order])

        for issue in ["MAX_CAPTURE_AMOUNT_EXCEEDED", "CURRENCY_MISMATCH"] {
            let refusing = ScriptedPayPal()
            refusing.answer(order, order("COMPLETED", authorizations: [held("CREATED")]))
            refusing.refuse(path, issue)
            guard case .refused(let reason) = await perform(.capture(amount), charge, refusing) else {
                Issue.record("\(issue)")
                continue
            }
            #expect(reason.providerCode == issue)
        }
        let voided = ScriptedPayPal()
        voided.answer(order, order("COMPLETED", authorizations: [held("CREATED")]))
        voided.refuse(path, "AUTHORIZATION_EXPIRED")
        #expect(self.kinds(await perform(.capture(amount), charge, voided)) == [.canceled])
    }

    @Test("an order of another charge tells nothing")
    func foreign() async {
        let api = ScriptedPayPal()
        var foreign = order("COMPLETED", captures: [taken("COMPLETED")]).object ?? JSONObject()
        foreign["purchase_units"] = [["custom_id": .string(ChargeID(value: 8).description)]]
        api.answer(order, .object(foreign))
        guard case .refused = await perform(.fetch, PayPalSamples.charge(), api) else {
            Issue.record("taken")
            return
        }
    }

    @Test("answers that are no order leave the outcome open, whatever they are")
    func unreadable() async {
        for body: JSONValue in [[:], [], ["id": "OTHER", "status": "COMPLETED"], ["id": "5O190127TN364715T"], ["status": "COMPLETED"]] {
            let api = ScriptedPayPal()
            api.answer(order, body)
            #expect(isUnknown(await perform(.fetch, PayPalSamples.charge(), api)))
            #expect(isUnknown(await perform(.expire, PayPalSamples.charge(), api)))
        }
    }
}
