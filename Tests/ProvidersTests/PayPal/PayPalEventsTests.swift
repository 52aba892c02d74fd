import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing
import Yams

@testable import Providers

@Suite("PayPal events")
struct PayPalEventsTests {
    private let provider = PayPalSamples.provider()
    private let now = PayPalSamples.created

    private func interpret(_ body: [UInt8]) throws -> Interpretation {
        let type = try JSONValue.parse(body, policy: .provider)["event_type"]?.string ?? ""
        return try provider.interpret(VerifiedWebhook(verifiedBy: .payPal, eventID: "WH-1", eventType: type, body: body))
    }

    private func object(_ prefix: String) throws -> EventObject? {
        if case .needsFetch(let object) = try interpret(PayPalSamples.event(prefix)) { object } else { nil }
    }

    /// What follows from a sample event when the API answers what the event says.
    private func facts(_ prefix: String, _ path: String, also: [(String, JSONValue)] = [], charge: Charge? = nil) async throws
        -> [PaymentFact]
    {
        let api = ScriptedPayPal()
        api.answer("GET \(path)", try PayPalSamples.resource(prefix))
        for (path, body) in also { api.answer("GET \(path)", body) }
        let object = try #require(try object(prefix))
        guard case .facts(let facts) = await provider.inquire(object, for: charge, at: now, send: api.send) else { return [] }
        return facts
    }

    private func money(_ minorUnits: Int128, _ asset: Asset = .usd) -> Amount { Amount(minorUnits: minorUnits, asset: asset) }

    @Test("the table that the code runs is the documented one")
    func table() throws {
        let documented = try #require(try Yams.load(yaml: Fixture.text("providers/paypal/events.yaml")) as? [String: String])
        #expect(documented == PayPalEvents.table.mapValues(\.rawValue))
    }

    @Test("every sample is read as its index says: money is asked for, the rest is kept, what is new is ignored")
    func samples() throws {
        for file in try Fixture.files("providers/paypal/samples", suffix: ".json") where file != "index.json" {
            let body = try Fixture.bytes("providers/paypal/samples/\(file)")
            let type = try JSONValue.parse(body, policy: .provider)["event_type"]?.string ?? ""
            let meaning = PayPalEvents.table[type]
            switch try interpret(body) {
            case .facts: Issue.record("\(file) is believed")
            case .needsFetch(let object): #expect(object.kind == meaning?.objectKind?.rawValue, "\(file)")
            case .payoutChanged: Issue.record("\(file) names no withdrawal of ours")
            case .ignored(let reason): #expect(meaning?.objectKind == nil && !reason.isEmpty, "\(file)")
            }
        }
    }

    @Test(
        "what an event points at",
        arguments: [
            ("01", "order", "5O190127TN364715T"), ("02", "capture", "1AB12341XY567891A"), ("04", "refund", "1JU08902781691411"),
            ("05", "reversal", "09E71677NS257044M"), ("06", "capture", "3AB12343XY567893C"), ("09", "order", "9RA12345TB678903E"),
            ("10", "authorization", "2GG279541U471931P"), ("13", "refund", "2JU08902781691412"), ("14", "dispute", "PP-D-4012"),
        ]
    )
    func pointers(prefix: String, kind: String, id: String) throws {
        let object = try #require(try object(prefix))
        #expect(object.kind == kind && object.id == id)
    }

    @Test("a completed capture is money and its fee, in any currency")
    func captured() async throws {
        let facts = try await facts("02", "/v2/payments/captures/1AB12341XY567891A")
        let captured = PaymentFact.Kind.captured(PaymentFact.Capture(amount: money(2500), transaction: "1AB12341XY567891A"))
        #expect(facts.map(\.kind) == [captured, .fee(PaymentFact.Fee(transaction: "1AB12341XY567891A", amount: money(140)))])
        #expect(facts.allSatisfy { $0.subject == .reference("5O190127TN364715T") && $0.providerReference == "5O190127TN364715T" })
        let yen = try PayPalSamples.resource("26")
        let id = try #require(yen["id"]?.string)
        let inYen = try await self.facts("26", "/v2/payments/captures/\(id)")
        guard case .captured(let capture)? = inYen.first?.kind else {
            Issue.record("no yen")
            return
        }
        #expect(capture.amount.asset == .jpy && capture.amount.decimal == yen["amount"]?["value"]?.string)
    }

    @Test("a forged body moves nothing: the API's amount counts, and an object that PayPal does not know is set aside")
    func forged() async throws {
        let object = try #require(try object("02"))
        let api = ScriptedPayPal()
        var real = try PayPalSamples.resource("02").object ?? JSONObject()
        real["amount"] = ["currency_code": "USD", "value": "1.00"]
        api.answer("GET /v2/payments/captures/1AB12341XY567891A", .object(real))
        guard case .facts(let facts) = await provider.inquire(object, for: nil, at: now, send: api.send),
            case .captured(let capture)? = facts.first?.kind
        else {
            Issue.record("no capture")
            return
        }
        #expect(capture.amount == money(100))
        guard case .refused(let reason) = await provider.inquire(object, for: nil, at: now, send: ScriptedPayPal().send) else {
            Issue.record("believed")
            return
        }
        #expect(reason.providerCode == "INVALID_RESOURCE_ID")
        let other = ScriptedPayPal()
        other.answer("GET /v2/payments/captures/1AB12341XY567891A", try PayPalSamples.resource("06"))
        guard case .unknown = await provider.inquire(object, for: nil, at: now, send: other.send) else {
            Issue.record("an answer about something else is taken")
            return
        }
    }

    @Test("captures that are no money yet, or never")
    func otherCaptures() async throws {
        #expect(try await facts("06", "/v2/payments/captures/3AB12343XY567893C").map(\.kind) == [.processing])
        for prefix in ["07", "08"] {
            let id = try #require(try PayPalSamples.resource(prefix)["id"]?.string)
            guard case .attemptFailed? = try await facts(prefix, "/v2/payments/captures/\(id)").first?.kind else {
                Issue.record("\(prefix)")
                continue
            }
        }
    }

    @Test("refunds, and what PayPal takes back, belong to the charge of their capture")
    func refunds() async throws {
        let capture = ("/v2/payments/captures/1AB12341XY567891A", try PayPalSamples.resource("02"))
        let refunded = try await facts("04", "/v2/payments/refunds/1JU08902781691411", also: [capture])
        let told = PaymentFact.Refund(refundID: nil, transaction: "1JU08902781691411", amount: money(1000), state: .succeeded)
        #expect(refunded.first?.kind == .refund(told) && refunded.first?.subject == .reference("5O190127TN364715T"))
        #expect(refunded.last?.kind == .fee(PaymentFact.Fee(transaction: "1JU08902781691411", amount: money(-29))))
        let reversed = try await facts("05", "/v2/payments/refunds/09E71677NS257044M", also: [capture])
        let forced = PaymentFact.Refund(refundID: nil, transaction: "09E71677NS257044M", amount: money(1500), state: .succeeded)
        #expect(reversed.map(\.kind) == [.refund(forced)])
        for (prefix, state) in [("12", PaymentFact.Refund.State.pending), ("13", .failed(reason: "FAILED"))] {
            let facts = try await facts(prefix, "/v2/payments/refunds/2JU08902781691412")
            guard case .refund(let refund)? = facts.first?.kind else {
                Issue.record("\(prefix)")
                continue
            }
            #expect(refund.state == state && refund.transaction == "2JU08902781691412" && facts.first?.subject == .unknown)
        }
    }

    @Test("reversed money is the dispute's where there is one, under one name whichever event comes first")
    func reversalOfDispute() async throws {
        let list: JSONValue = ["items": [["dispute_id": "PP-D-4012", "status": "OPEN"]]]
        var dispute = try PayPalSamples.resource("14").object ?? JSONObject()
        let reversed = { (dispute: JSONObject) in
            try await facts(
                "05",
                "/v2/payments/refunds/09E71677NS257044M",
                also: [
                    ("/v2/payments/captures/1AB12341XY567891A", try PayPalSamples.resource("02")),
                    ("/v1/customer/disputes?disputed_transaction_id=1AB12341XY567891A", list),
                    ("/v1/customer/disputes/PP-D-4012", .object(dispute)),
                ]
            )
        }
        let transactions = { (facts: [PaymentFact]) in
            facts.compactMap { if case .disputeFunds(let funds) = $0.kind { "\(funds.transaction) \(funds.amount.decimal)" } else { nil } }
        }
        let before = try await reversed(dispute)
        #expect(transactions(before) == ["PP-D-4012-debit-1 15.00"])
        #expect(!before.contains { if case .refund = $0.kind { true } else { false } })
        dispute["money_movements"] = try PayPalSamples.resource("15")["money_movements"]
        #expect(transactions(try await reversed(dispute)) == ["PP-D-4012-debit-1 25.00"])
    }

    @Test("what is held, and let go")
    func authorizations() async throws {
        let path = "/v2/payments/authorizations/2GG279541U471931P"
        #expect(try await facts("10", path).map(\.kind) == [.authorized(money(10_000))])
        #expect(try await facts("11", path).map(\.kind) == [.canceled])
    }

    @Test("a dispute's stages and its money")
    func disputes() async throws {
        let read = { (prefix: String, id: String) in
            try await facts(prefix, "/v1/customer/disputes/\(id)", also: [("/v2/payments/captures/2AB12342XY567892B", try capture())])
        }
        let stages = try await [read("14", "PP-D-4012"), read("15", "PP-D-4012"), read("16", "PP-D-4012"), read("17", "PP-D-4013")]
            .map { facts -> PaymentFact.Dispute.Stage? in if case .dispute(let dispute)? = facts.last?.kind { dispute.stage } else { nil } }
        #expect(stages == [.inquiry, .opened, .won, .lost])
        let withdrawn = { (dispute: String) in
            PaymentFact.Kind.disputeFunds(
                PaymentFact.DisputeFunds(
                    dispute: dispute,
                    transaction: "\(dispute)-debit-1",
                    amount: money(2500),
                    fee: nil,
                    direction: .withdrawn
                )
            )
        }
        #expect(try await read("14", "PP-D-4012").count == 1)
        #expect(try await read("15", "PP-D-4012").first?.kind == withdrawn("PP-D-4012"))
        #expect(try await read("17", "PP-D-4013").first?.kind == withdrawn("PP-D-4013"))
        #expect(try await read("15", "PP-D-4012").allSatisfy { $0.subject == .charge(ChargeID(value: 7)) })
    }

    /// The disputed capture, of a charge of ours.
    private func capture() throws -> JSONValue {
        var capture = try PayPalSamples.resource("02").object ?? JSONObject()
        capture["id"] = "2AB12342XY567892B"
        capture["custom_id"] = .string(ChargeID(value: 7).description)
        return .object(capture)
    }

    @Test("movements of a dispute keep their names as the list grows, and fees are fees")
    func movements() async throws {
        var dispute = try PayPalSamples.resource("15").object ?? JSONObject()
        let movement = { (type: String, reason: String, time: String, value: String) -> JSONValue in
            [
                "affected_party": "SELLER", "amount": ["currency_code": "USD", "value": .string(value)], "initiated_time": .string(time),
                "type": .string(type), "reason": .string(reason),
            ]
        }
        let buyer: JSONValue = ["affected_party": "BUYER", "amount": ["currency_code": "USD", "value": "25.00"], "type": "CREDIT"]
        let list = [
            movement("CREDIT", "DISPUTE_SETTLEMENT", "2026-11-25T00:00:00Z", "25.00"), buyer,
            movement("DEBIT", "DISPUTE_SETTLEMENT", "2026-11-20T00:00:00Z", "25.00"),
            movement("DEBIT", "CHARGEBACK_FEE", "2026-11-20T00:00:00Z", "20.00"),
            movement("CREDIT", "CHARGEBACK_FEE", "2026-11-25T00:00:01Z", "20.00"),
        ]
        var names: [Set<String>] = []
        for count in 1...list.count {
            // The oldest come first into the list.
            dispute["money_movements"] = .array(
                list.sorted { ($0["initiated_time"]?.string ?? "") < ($1["initiated_time"]?.string ?? "") }.prefix(count).map { $0 }
            )
            dispute["disputed_transactions"] = [["custom": .string(ChargeID(value: 7).description)]]
            let read = try PayPalDispute(JSONDocument(JSONValue.object(dispute).serialized()).root)
            let facts = read.facts(of: PayPalOwner(chargeID: ChargeID(value: 7)))
            names.append(
                Set(
                    facts.compactMap { fact in
                        switch fact.kind {
                        case .disputeFunds(let funds): funds.transaction
                        case .fee(let fee): "\(fee.transaction) \(fee.amount.decimal)"
                        default: nil
                        }
                    }
                )
            )
        }
        for (shorter, longer) in zip(names, names.dropFirst()) { #expect(shorter.isSubset(of: longer)) }
        #expect(names.last == ["PP-D-4012-debit-1", "PP-D-4012-credit-1", "PP-D-4012-fee-debit-1 20.00", "PP-D-4012-fee-credit-1 -20.00"])
    }

    @Test("an approved order of ours is completed, one of somebody else is not")
    func approval() async throws {
        let charge = PayPalSamples.charge()
        let api = ScriptedPayPal()
        api.answer("GET /v2/checkout/orders/5O190127TN364715T", try PayPalSamples.resource("01"))
        let object = try #require(try object("01"))
        #expect(await provider.inquire(object, for: nil, at: now, send: api.send) == .facts([]))
        #expect(api.requests.isEmpty)
        // The sample's custom_id is none of ours, so the order is not this charge's.
        guard case .refused = await provider.inquire(object, for: PayPalSamples.charge(reference: nil), at: now, send: api.send) else {
            Issue.record("completed for a charge that it does not name")
            return
        }
        var own = try PayPalSamples.resource("01").object ?? JSONObject()
        own["purchase_units"] = [["custom_id": .string(charge.id.description)]]
        let good = ScriptedPayPal()
        good.answer("GET /v2/checkout/orders/5O190127TN364715T", .object(own))
        var done = own
        done["status"] = "COMPLETED"
        done["purchase_units"] = [
            ["custom_id": .string(charge.id.description), "payments": ["captures": [try PayPalSamples.resource("02")]]]
        ]
        good.answer("POST /v2/checkout/orders/5O190127TN364715T/capture", .object(done), status: 201)
        guard case .facts(let facts) = await provider.inquire(object, for: charge, at: now, send: good.send),
            case .captured? = facts.first?.kind
        else {
            Issue.record("not completed")
            return
        }
        #expect(good.asked.count == 2)
    }

    @Test("an order whose approval was taken back is over")
    func approvalReversed() async throws {
        let object = try #require(try object("09"))
        let charge = PayPalSamples.charge(reference: "9RA12345TB678903E")
        guard case .facts(let facts) = await provider.inquire(object, for: charge, at: now, send: ScriptedPayPal().send) else {
            Issue.record("no facts")
            return
        }
        #expect(facts.map(\.kind) == [.canceled])
    }

    @Test("without its provider an event stays open")
    func away() async throws {
        for prefix in ["02", "04", "10", "14"] {
            let object = try #require(try object(prefix))
            guard
                case .unknown = await provider.inquire(
                    object,
                    for: nil,
                    at: now,
                    send: { request in
                        request.url.hasSuffix("token")
                            ? .answered(status: 200, headers: [:], body: Array(#"{"access_token":"t","expires_in":900}"#.utf8))
                            : .unknown(reason: "timed out")
                    }
                )
            else {
                Issue.record("\(prefix) is settled")
                continue
            }
        }
    }

    @Test("a body cut at any byte or changed at random is an error or a reading, never a crash")
    func damage() throws {
        var random = SeededRandom.printed("paypal bodies")
        for prefix in ["01", "02", "04", "14"] {
            let body = try PayPalSamples.event(prefix)
            for length in 0..<body.count { #expect(throws: (any Error).self) { try interpret(Array(body.prefix(length))) } }
            for _ in 0..<1000 {
                var changed = body
                for _ in 0..<3 { changed[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
                _ = try? interpret(changed)
            }
        }
    }

    @Test("API objects with any member missing or of another kind are an error or a reading, never a crash")
    func damagedObjects() throws {
        for prefix in ["02", "04", "10", "15", "17", "21"] {
            let object = try PayPalSamples.resource(prefix).object ?? JSONObject()
            for name in object.names {
                for value: JSONValue? in [nil, .null, "x", 1, [], [:], ["currency_code": "USD", "value": "-1"]] {
                    var changed = object
                    changed[name] = value
                    let element = try JSONDocument(JSONValue.object(changed).serialized()).root
                    _ = (try? PayPalCapture(element))?.facts()
                    _ = (try? PayPalRefund(element))?.facts(of: PayPalOwner(chargeID: nil))
                    _ = (try? PayPalAuthorization(element))?.facts()
                    _ = (try? PayPalDispute(element))?.facts(of: PayPalOwner(chargeID: nil))
                    _ = try? PayPalOrder(element)
                    _ = try? PayPalPayouts.read(element)
                }
            }
        }
    }
}
