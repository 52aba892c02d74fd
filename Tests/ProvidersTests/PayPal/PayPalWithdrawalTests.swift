import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

@Suite("Withdrawals through PayPal")
struct PayPalWithdrawalTests {
    private let provider = PayPalSamples.provider()
    private let now = PayPalSamples.created.advanced(by: .seconds(60))
    private let send = "POST /v1/payments/payouts"
    private let batch = "GET /v1/payments/payouts/CQMWKDQF5GFLL"
    private let item = "GET /v1/payments/payouts-item/8AELMXH8UB2P8"

    private func withdrawal(reference: String? = nil, minorUnits: Int128 = 2000, asset: Asset = .usd) throws -> Withdrawal {
        var withdrawal = try #require(
            Withdrawal(
                id: WithdrawalID(value: 7),
                customerID: "c",
                amount: Amount(minorUnits: minorUnits, asset: asset),
                destination: try WithdrawalDestination("paypal:winner@example.com"),
                requestedBy: APIKeyID(value: 1),
                approvalLimit: Amount(minorUnits: 0, asset: asset),
                createdAt: PayPalSamples.created
            )
        )
        withdrawal.status = reference == nil ? .approved : .inTransit
        withdrawal.providerReference = reference
        withdrawal.decision = WithdrawalDecision(
            isApproved: true,
            decidedBy: APIKeyID(value: 2),
            decidedAt: PayPalSamples.created,
            reason: nil
        )
        return withdrawal
    }

    private func batch(_ status: String, items: JSONValue? = [["payout_item_id": "8AELMXH8UB2P8"]], name: String? = nil) -> JSONValue {
        let name = name ?? WithdrawalID(value: 7).description
        var object: JSONObject = [
            "batch_header": [
                "payout_batch_id": "CQMWKDQF5GFLL", "batch_status": .string(status),
                "sender_batch_header": ["sender_batch_id": .string(name)],
            ]
        ]
        object["items"] = items
        return .object(object)
    }

    private func item(_ status: String, value: String = "20.00", fee: String = "0.25", name: String? = nil) -> JSONValue {
        [
            "payout_item_id": "8AELMXH8UB2P8", "transaction_status": .string(status),
            "payout_item_fee": ["currency": "USD", "value": .string(fee)],
            "payout_item": [
                "amount": ["currency": "USD", "value": .string(value)],
                "sender_item_id": .string(name ?? WithdrawalID(value: 7).description),
            ],
            "time_processed": "2026-11-22T04:00:10Z",
        ]
    }

    private func state(_ outcome: PayoutOutcome) -> PayoutFact.State? {
        if case .told(let fact, _) = outcome { fact.state } else { nil }
    }

    private func isUnknown(_ outcome: PayoutOutcome) -> Bool { if case .unknown = outcome { true } else { false } }

    @Test("an order is a batch of one item under the withdrawal's id, and is looked at again")
    func sending() async throws {
        let api = ScriptedPayPal()
        api.answer(send, batch("PENDING", items: nil), status: 201)
        let outcome = await provider.sendPayout(of: try withdrawal(), at: now, send: api.send)
        guard case .told(let fact, let wait) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(fact.state == .inTransit && fact.reference == "CQMWKDQF5GFLL" && wait != nil)
        let body = try JSONValue.parse(try #require(api.requests.last).body)
        let id = WithdrawalID(value: 7).description
        #expect(body["sender_batch_header"]?["sender_batch_id"]?.string == id && body["items"]?.array?.count == 1)
        #expect(body["items"]?.array?.first?["receiver"]?.string == "winner@example.com")
    }

    @Test("an order that was made before is not refused: its batch is looked up, where PayPal puts the link", arguments: [true, false])
    func repeated(isAtTop: Bool) async throws {
        let api = ScriptedPayPal()
        let links: JSONValue = [
            ["rel": "information_link", "href": "https://developer.paypal.com/docs/api/payments.payouts-batch/v1/#errors"],
            ["rel": "self", "href": "https://api.paypal.com/v1/payments/payouts/CQMWKDQF5GFLL"],
        ]
        let detail: JSONValue = isAtTop ? ["issue": "X"] : ["issue": "X", "link": links]
        api.answer(send, ["name": "USER_BUSINESS_ERROR", "details": [detail], "links": isAtTop ? links : []], status: 400)
        api.answer(batch, batch("SUCCESS"))
        api.answer(item, item("SUCCESS"))
        let outcome = await provider.sendPayout(of: try withdrawal(), at: now, send: api.send)
        #expect(state(outcome) == .paid)
        #expect(api.asked == [send, batch, item])
    }

    @Test("a refusal, an answer that is lost, a page, and a busy PayPal are told apart")
    func notSent() async throws {
        let outcomes = { (answer: ProviderAnswer) in
            let api = ScriptedPayPal()
            api.answer(send, answer)
            return await provider.sendPayout(of: try withdrawal(), at: now, send: api.send)
        }
        let error: JSONValue = ["name": "INSUFFICIENT_FUNDS", "debug_id": "d", "links": []]
        guard case .refused(let failure) = try await outcomes(.answered(status: 422, headers: [:], body: error.serialized())) else {
            Issue.record("not refused")
            return
        }
        #expect(failure.providerCode == "INSUFFICIENT_FUNDS" && failure.isRetryable && failure.code == "payout_failed")
        #expect(isUnknown(try await outcomes(.unknown(reason: "timed out"))))
        #expect(isUnknown(try await outcomes(.answered(status: 500, headers: [:], body: []))))
        #expect(isUnknown(try await outcomes(.answered(status: 201, headers: [:], body: Array("<html>".utf8)))))
        for answer in [ProviderAnswer.notSent(reason: "down"), .answered(status: 429, headers: [:], body: [])] {
            guard case .notDone = try await outcomes(answer) else {
                Issue.record("\(answer)")
                continue
            }
        }
    }

    @Test("an order is not made, nor repeated, when PayPal may have forgotten the first one")
    func tooLate() async throws {
        let api = ScriptedPayPal()
        let late = PayPalSamples.created.advanced(by: .seconds(29 * 24 * 3600))
        #expect(isUnknown(await provider.sendPayout(of: try withdrawal(), at: late, send: api.send)))
        #expect(api.requests.isEmpty)
        guard case .refused = await provider.sendPayout(of: try withdrawal(minorUnits: 1, asset: .eth), at: now, send: api.send) else {
            Issue.record("an amount that PayPal cannot express was not refused")
            return
        }
    }

    @Test(
        "the item says how it stands, whatever the batch says",
        arguments: [
            ("SUCCESS", "SUCCESS", "paid"), ("PROCESSING", "SUCCESS", "paid"), ("SUCCESS", "FAILED", "failed"),
            ("SUCCESS", "RETURNED", "failed"), ("SUCCESS", "BLOCKED", "failed"), ("SUCCESS", "REFUNDED", "failed"),
            ("SUCCESS", "REVERSED", "failed"), ("SUCCESS", "UNCLAIMED", "in_transit"), ("SUCCESS", "ONHOLD", "in_transit"),
            ("PROCESSING", "PENDING", "in_transit"), ("DENIED", "PENDING", "failed"), ("SUCCESS", "SOMETHING_NEW", "in_transit"),
        ]
    )
    func standings(batchStatus: String, status: String, expected: String) async throws {
        let api = ScriptedPayPal()
        api.answer(batch, batch(batchStatus))
        api.answer(item, item(status, fee: status == "FAILED" ? "0.00" : "0.25"))
        let outcome = await provider.fetchPayout(of: try withdrawal(reference: "CQMWKDQF5GFLL"), at: now, send: api.send)
        guard case .told(let fact, let wait) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let name = { (state: PayoutFact.State) in
            switch state {
            case .inTransit: "in_transit"
            case .paid: "paid"
            case .failed: "failed"
            }
        }
        #expect(name(fact.state) == expected && (wait == nil) == (expected != "in_transit"))
        #expect(fact.fee == (expected == "in_transit" || status == "FAILED" ? nil : Amount(minorUnits: 25, asset: .usd)))
        if expected != "in_transit" { #expect(fact.occurredAt == Timestamp(rfc3339: "2026-11-22T04:00:10Z")) }
    }

    @Test("a denied batch without items has failed; one without items yet has not")
    func withoutItems() async throws {
        for (status, expected) in [("DENIED", false), ("PENDING", true)] {
            let api = ScriptedPayPal()
            api.answer(batch, batch(status, items: nil))
            let outcome = await provider.fetchPayout(of: try withdrawal(reference: "CQMWKDQF5GFLL"), at: now, send: api.send)
            #expect((state(outcome) == .inTransit) == expected && state(outcome) != nil)
        }
    }

    @Test("nothing is believed of an answer about something else")
    func mismatches() async throws {
        let other = WithdrawalID(value: 8).description
        let (nothing, little): (JSONValue, JSONValue) = ([:], ["payout_item_id": "X"])
        let answers: [(JSONValue, JSONValue)] = [
            (batch("SUCCESS", name: other), item("SUCCESS")), (batch("SUCCESS"), item("SUCCESS", name: other)),
            (batch("SUCCESS"), item("SUCCESS", value: "20.01")), (batch("SUCCESS"), little), (nothing, nothing),
        ]
        for (batchAnswer, itemAnswer) in answers {
            let api = ScriptedPayPal()
            api.answer(batch, batchAnswer)
            api.answer(item, itemAnswer)
            #expect(isUnknown(await provider.fetchPayout(of: try withdrawal(reference: "CQMWKDQF5GFLL"), at: now, send: api.send)))
        }
        let api = ScriptedPayPal()
        #expect(isUnknown(await provider.fetchPayout(of: try withdrawal(reference: "CQMWKDQF5GFLL"), at: now, send: api.send)))
        #expect(isUnknown(await provider.fetchPayout(of: try withdrawal(), at: now, send: api.send)))
        #expect(api.asked == [batch], "what has no batch is not sent by a look")
    }

    @Test("only what nobody has claimed is taken back, and the item says what came of it")
    func cancelling() async throws {
        let cancel = "POST /v1/payments/payouts-item/8AELMXH8UB2P8/cancel"
        for (before, after, isRefused) in [("UNCLAIMED", "RETURNED", false), ("UNCLAIMED", "SUCCESS", true), ("SUCCESS", "SUCCESS", false)]
        {
            let api = ScriptedPayPal()
            api.answer(batch, batch("SUCCESS"))
            api.answer(item, item(before))
            api.answer(item, item(after))
            if isRefused { api.refuse(cancel, "ITEM_ALREADY_CANCELLED", status: 400) } else { api.answer(cancel, item(after)) }
            let outcome = await provider.cancelPayout(of: try withdrawal(reference: "CQMWKDQF5GFLL"), at: now, send: api.send)
            #expect((state(outcome) == .paid) == (after == "SUCCESS") && state(outcome) != .inTransit && state(outcome) != nil)
            #expect(api.asked == (before == "UNCLAIMED" ? [batch, item, cancel, item] : [batch, item]))
        }
        let api = ScriptedPayPal()
        api.answer(batch, batch("SUCCESS"))
        api.answer(item, item("UNCLAIMED"))
        api.answer(cancel, .unknown(reason: "timed out"))
        #expect(isUnknown(await provider.cancelPayout(of: try withdrawal(reference: "CQMWKDQF5GFLL"), at: now, send: api.send)))
        #expect(isUnknown(await provider.cancelPayout(of: try withdrawal(), at: now, send: api.send)))
    }

    @Test("events of batches and items ask for a look at the withdrawal that they name, and others are ignored")
    func events() throws {
        for prefix in ["18", "19", "20", "21", "22", "23", "24"] {
            let body = try PayPalSamples.event(prefix)
            let type = try #require(try JSONValue.parse(body, policy: .provider)["event_type"]?.string)
            let text = String(decoding: body, as: UTF8.self)
            let ours = text.replacing("payout_01JE10", with: WithdrawalID(value: 7).description)
                .replacing("payout_01JE11", with: WithdrawalID(value: 7).description)
            let webhook = { (body: String) in
                VerifiedWebhook(verifiedBy: .payPal, eventID: "WH-1", eventType: type, body: Array(body.utf8))
            }
            #expect(try provider.interpret(webhook(ours)) == .payoutChanged(WithdrawalID(value: 7)))
            #expect(try provider.interpret(webhook(text)) == .ignored(reason: "not a payout of ours"))
        }
    }
}
