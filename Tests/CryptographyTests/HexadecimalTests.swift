import Cryptography
import Testing

@Suite("hexadecimal")
struct HexadecimalTests {
    @Test(
        "the vectors of RFC 4648 section 10, in lower case",
        arguments: [
            ("", ""), ("f", "66"), ("fo", "666f"), ("foo", "666f6f"), ("foob", "666f6f62"), ("fooba", "666f6f6261"),
            ("foobar", "666f6f626172"),
        ]
    )
    func vectors(text: String, encoded: String) throws {
        #expect(Hexadecimal.encode(Array(text.utf8)) == encoded)
        #expect(try Hexadecimal.decode(encoded) == Array(text.utf8))
    }

    @Test("every byte comes back, in either case of digits")
    func everyByte() throws {
        let bytes = Array(UInt8.min ... .max)
        #expect(try Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
        #expect(try Hexadecimal.decode(Hexadecimal.encode(bytes).uppercased()) == bytes)
    }

    @Test("anything else is refused", arguments: ["0", "abc", "0g", "0x12", " 00", "00 ", "0\n", "+1", "-1", "٣٤", "０0", "aé", "00\u{0}0"])
    func malformed(text: String) {
        let error = #expect(throws: CryptographyError.self) { try Hexadecimal.decode(text) }
        #expect(error?.code == .malformedHexadecimal)
        #expect(error?.description == "malformedHexadecimal")
    }
}
