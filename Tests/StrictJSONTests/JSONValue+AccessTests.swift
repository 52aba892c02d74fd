import StrictJSON
import Testing

@Suite("reading members")
struct JSONValueAccessTests {
    private let event: JSONValue = [
        "id": "evt_1", "amount": 24000, "live": false, "reason": .null, "items": [1, "two"], "card": ["last4": "4242"],
    ]

    @Test("each kind of value is reached by its type and by no other")
    func kinds() {
        #expect(event["id"]?.string == "evt_1")
        #expect(event["amount"]?.int64 == 24000)
        #expect(event["amount"]?.number?.text == "24000")
        #expect(event["live"]?.bool == false)
        #expect(event["items"]?.array == [1, "two"])
        #expect(event["card"]?["last4"]?.string == "4242")
        #expect(event["card"]?.object?.names == ["last4"])
        #expect(event["id"]?.int64 == nil)
        #expect(event["amount"]?.string == nil)
        #expect(event["live"]?.object == nil)
        #expect(event["card"]?.array == nil)
        #expect(event["items"]?.bool == nil)
        #expect(event["id"]?.number == nil)
    }

    @Test("null is not the same as absent")
    func nullness() {
        #expect(event["reason"]?.isNull == true)
        #expect(event["absent"] == nil)
        #expect(event["id"]?.isNull == false)
        #expect(event["id"]?["deeper"] == nil)
    }

    @Test("an event of Stripe's is read by path")
    func stripe() throws {
        let value = try JSONValue.parse(StripeEventSample.cardSucceeded.bytes(), policy: .provider)
        #expect(value["object"]?.string == "event")
        #expect(value["type"]?.string == "payment_intent.succeeded")
        #expect(value["data"]?["object"]?["currency"]?.string == "thb")
        #expect(value["data"]?["object"]?["amount"]?.int64 != nil)
    }
}
