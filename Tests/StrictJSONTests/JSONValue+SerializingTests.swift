import StrictJSON
import Testing

@Suite("writing values")
struct JSONValueSerializingTests {
    @Test(
        "values are written compactly, in order and with the fewest escapes",
        arguments: [
            (JSONValue.null, "null"), (true, "true"), (false, "false"), (-42, "-42"), ("", #""""#), ([], "[]"), ([:], "{}"),
            ("a/b", #""a/b""#), ("say \"hi\" \\ now", #""say \"hi\" \\ now""#), ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
            ("\u{0}\u{1}\u{1F}", #""\u0000\u0001\u001f""#), ("สลาก 😀\u{7F}\u{2028}", "\"สลาก 😀\u{7F}\u{2028}\""),
            (["b": 1, "a": [.null, ["c": "d"]]], #"{"b":1,"a":[null,{"c":"d"}]}"#),
            (["quo\"te": 1], #"{"quo\"te":1}"#),
        ] as [(JSONValue, String)]
    )
    func compact(value: JSONValue, expected: String) {
        #expect(value.text == expected)
        #expect(value.serialized() == Array(expected.utf8))
    }

    @Test("numbers keep their spelling", arguments: ["1.0", "1.50", "-0", "1E+2", "0.1e-7", "123456789012345678901234567890"])
    func numbers(text: String) throws {
        #expect(try JSONValue.parse(text).text == text)
    }

    @Test("the sorted form is the same for every order, spacing and escape")
    func sorted() throws {
        let first = try JSONValue.parse(#"{"b":{"z":1,"y":[{"d":1,"c":2}]},"a":"\u0041/"}"#)
        let second = try JSONValue.parse(#" { "a" : "A\/", "b":{"y":[{"c":2,"d":1}],"z":1}} "#)
        #expect(first != second)
        #expect(String(decoding: first.serializedSorted(), as: UTF8.self) == #"{"a":"A/","b":{"y":[{"c":2,"d":1}],"z":1}}"#)
        #expect(first.serializedSorted() == second.serializedSorted())
    }

    @Test("names sort by code point, not by Swift's order of normalised text or UTF-16 units")
    func codePointOrder() {
        let value: JSONValue = ["\u{10000}": 1, "\u{FF5E}": 2, "f": 3, "e\u{301}": 4, "Z": 5, "": 6]
        #expect(
            String(decoding: value.serializedSorted(), as: UTF8.self)
                == "{\"\":6,\"Z\":5,\"e\u{301}\":4,\"f\":3,\"\u{FF5E}\":2,\"\u{10000}\":1}"
        )
    }

    @Test("an event is the same after writing and reading", arguments: StripeEventSample.allCases)
    func roundTrip(sample: StripeEventSample) throws {
        let value = try JSONValue.parse(sample.bytes(), policy: .provider)
        #expect(try JSONValue.parse(value.serialized()) == value)
        #expect(try JSONValue.parse(value.serialized()).serialized() == value.serialized())
    }
}
