import Payments
import Testing

@testable import Web

@Suite("The date of an answer")
struct HTTPDateTests {
    @Test(
        "a second is written as RFC 9110 has it",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_709_164_799, "Wed, 28 Feb 2024 23:59:59 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_795_460_000, "Mon, 23 Nov 2026 18:53:20 GMT"), (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
        ] as [(Int64, String)]
    )
    func texts(second: Int64, text: String) {
        #expect(HTTPDate.text(ofSecond: second) == text)
        #expect(HTTPDate().text(at: Timestamp(seconds: second)) == text)
    }

    @Test("the text changes with the second")
    func changes() {
        let date = HTTPDate()
        #expect(date.text(at: Timestamp(microseconds: 1_999_999)) == "Thu, 01 Jan 1970 00:00:01 GMT")
        #expect(date.text(at: Timestamp(microseconds: 2_000_000)) == "Thu, 01 Jan 1970 00:00:02 GMT")
    }
}
