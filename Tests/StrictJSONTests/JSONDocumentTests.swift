import StrictJSON
import Testing

@Suite("a text that is read without being copied")
struct JSONDocumentTests {
    private static let text = #"""
        {"id":"evt_1","caf\u00e9":"ร้าน","amount":24000,"live":false,"on":true,"reason":null,"items":[1,["x"],{"a":2}],
         "card":{"last4":"4242","deep":{"deeper":"yes"}},"fraction":1.0,"after":"é"}
        """#

    @Test("each kind of value is reached by its type and by no other")
    func kinds() throws {
        let event = try JSONDocument(Array(Self.text.utf8)).root
        #expect(event["id"]?.string == "evt_1")
        #expect(event["café"]?.string == "ร้าน")
        #expect(event["amount"]?.int64 == 24000)
        #expect(event["fraction"]?.int64 == nil)
        #expect(event["live"]?.bool == false)
        #expect(event["on"]?.bool == true)
        #expect(event["reason"]?.isNull == true)
        #expect(event["card"]?["deep"]?["deeper"]?.string == "yes")
        #expect(event["after"]?.string == "é")
        #expect(event["items"]?.array?.map(\.value) == [1, ["x"], ["a": 2]])
        #expect(event["absent"] == nil)
        #expect(event["last4"] == nil)
        #expect(event["id"]?["deeper"] == nil)
        #expect(event["id"]?.int64 == nil)
        #expect(event["id"]?.array == nil)
        #expect(event["amount"]?.string == nil)
        #expect(event["live"]?.isNull == false)
    }

    @Test("a value inside stands on its own")
    func values() throws {
        let event = try JSONDocument(Array(Self.text.utf8)).root
        #expect(event["card"]?.value == ["last4": "4242", "deep": ["deeper": "yes"]])
        #expect(event.value == (try JSONValue.parse(Self.text)))
    }

    @Test("an event of Stripe's is the same, read either way", arguments: StripeEventSample.allCases)
    func samples(sample: StripeEventSample) throws {
        let bytes = try sample.bytes()
        let document = try JSONDocument(bytes, policy: .provider)
        #expect(document.root["data"]?["object"]?["id"]?.string == document.root.value["data"]?["object"]?["id"]?.string)
        #expect(document.root.value.object?.count ?? 0 > 5)
    }

    @Test("a name that comes twice is found among few and among many, plain or not", arguments: [1, 2, 40, 63, 64, 65, 66, 500])
    func twins(count: Int) {
        for names in [(0..<count).map { "n\($0)" }, (0..<count).map { "ชื่อ\($0)" }] {
            let members = names.map { "\"\($0)\":0" }
            #expect(throws: Never.self) { try JSONDocument(Array("{\(members.joined(separator: ","))}".utf8)) }
            for twin in [0, count / 2, count - 1] {
                let text = "{\((members + ["\"\(names[twin])\":1"]).joined(separator: ","))}"
                let error = #expect(throws: JSONError.self) { try JSONDocument(Array(text.utf8)) }
                #expect(error?.code == .duplicateMember)
            }
        }
    }

    @Test("two spellings of one name are one name, whichever comes first")
    func spellings() {
        for (first, second) in [("a", #"\u0061"#), (#"\u0061"#, "a"), ("\u{E9}", "e\u{301}"), ("K", "\u{212A}"), ("\u{212A}", "K")] {
            let error = #expect(throws: JSONError.self) { try JSONDocument(Array("{\"\(first)\":1,\"x\":2,\"\(second)\":3}".utf8)) }
            #expect(error?.code == .duplicateMember)
        }
    }
}
