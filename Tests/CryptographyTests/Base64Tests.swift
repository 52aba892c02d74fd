import Cryptography
import Foundation
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "the vectors of RFC 4648 section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func vectors(text: String, encoded: String) throws {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(try Base64.decode(encoded) == Array(text.utf8))
    }

    @Test("bytes of every length come back and agree with Foundation")
    func lengths() throws {
        for count in 0..<200 {
            let bytes = SecureRandom.bytes(count)
            #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString())
            #expect(try Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test("the URL-safe form has no padding and no character with a meaning in addresses")
    func urlSafe() {
        #expect(Base64.encodeURLSafe([0xFB, 0xFF, 0xFE]) == "-__-")
        #expect(Base64.encode([0xFB, 0xFF, 0xFE]) == "+//+")
        #expect(Base64.encodeURLSafe([0xFB]) == "-w")
    }

    @Test(
        "anything that is not canonical is refused",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zm9v=", "Zm9vYg==Zm9v", "Zg==Zg==", "Zm8", "Zm 8", "Zm8=\n", " Zm8", "Zm-_",
            "Zm9é", "Zh==",
            "Zm9=", "Zm=v", "Z=m9", "Zm9v\r\nYmFy", "Zg=a", "٣٤٣٤",
        ]
    )
    func malformed(text: String) {
        let error = #expect(throws: CryptographyError.self) { try Base64.decode(text) }
        #expect(error?.code == .malformedBase64)
    }
}
