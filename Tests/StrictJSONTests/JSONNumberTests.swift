import StrictJSON
import Testing

@Suite("numbers")
struct JSONNumberTests {
    @Test(
        "only a number written as an integer that fits is an integer",
        arguments: [
            ("0", 0), ("-0", 0), ("24000", 24000), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.0", nil), ("1e2", nil), ("100E-2", nil), ("0.0", nil),
        ] as [(String, Int64?)]
    )
    func integers(text: String, expected: Int64?) throws {
        #expect(try JSONValue.parse(text).int64 == expected)
    }

    @Test(
        "text that is not exactly one number makes no number",
        arguments: ["", " 1", "1 ", "+1", "01", "1.", "true", "\"1\"", "1e", "0x1", "NaN", "[1]"]
    )
    func refusedText(text: String) {
        #expect(JSONNumber(text) == nil)
    }

    @Test("a number is its spelling")
    func spelling() {
        #expect(JSONNumber("1.50")?.text == "1.50")
        #expect(JSONNumber(-7).text == "-7")
        #expect(JSONNumber("1.0") != JSONNumber("1"))
    }
}
