import Payments
import StrictJSON
import Testing

@testable import Providers

@Suite("PayPal payouts")
struct PayPalPayoutsTests {
    private func read(_ prefix: String) throws -> PayPalPayouts.Item {
        try PayPalPayouts.read(JSONDocument(PayPalSamples.resource(prefix).serialized()).root)
    }

    @Test("a payout is a batch of its own under our name, with the currency under the name that payouts use")
    func creating() throws {
        let amount = Amount(minorUnits: 2000, asset: .usd)
        let call = try #require(PayPalPayouts.create(amount, to: .email("winner@example.com"), reference: "po_1", note: "Prize"))
        let body = try JSONValue.parse(call.body)
        #expect(body["sender_batch_header"]?["sender_batch_id"]?.string == "po_1" && call.requestID == "po_1")
        let item = try #require(body["items"]?.array?.first)
        #expect(item["amount"]?["currency"]?.string == "USD" && item["amount"]?["value"]?.string == "20.00")
        #expect(item["recipient_type"]?.string == "EMAIL" && item["receiver"]?.string == "winner@example.com")
        #expect(PayPalPayouts.create(Amount(minorUnits: 1, asset: .eth), to: .payPalID("X"), reference: "po_1") == nil)
    }

    @Test("how the samples' items stand")
    func items() throws {
        let paid = try read("21")
        #expect(paid.state == .succeeded && paid.amount == Amount(minorUnits: 2000, asset: .usd) && paid.reference == "prize-1")
        #expect(paid.fee == Amount(minorUnits: 25, asset: .usd))
        #expect(try read("22").state == .unclaimed)
        #expect(try read("23").state == .failed(reason: "RETURNED"))
        guard case .failed = try read("24").state else {
            Issue.record("not failed")
            return
        }
    }

    @Test("a status that we do not know is not the end")
    func unknown() throws {
        var item = try PayPalSamples.resource("21").object ?? JSONObject()
        for status in ["ONHOLD", "PENDING", "NEW"] {
            item["transaction_status"] = .string(status)
            #expect(try PayPalPayouts.read(JSONDocument(JSONValue.object(item).serialized()).root).state == .pending)
        }
    }
}
