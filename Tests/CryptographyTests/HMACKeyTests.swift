import Cryptography
import Testing

@Suite("HMAC with SHA-256")
struct HMACKeyTests {
    struct Vector: CustomTestStringConvertible, Sendable {
        let name: String
        let key: [UInt8]
        let message: [UInt8]
        let code: String

        var testDescription: String { name }
    }

    /// RFC 4231 section 4; case 5 is the one with output cut to 128 bits.
    static let vectors = [
        Vector(
            name: "case 1",
            key: Array(repeating: 0x0B, count: 20),
            message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        Vector(
            name: "case 2",
            key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        Vector(
            name: "case 3",
            key: Array(repeating: 0xAA, count: 20),
            message: Array(repeating: 0xDD, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        Vector(
            name: "case 4",
            key: Array(1...25),
            message: Array(repeating: 0xCD, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        Vector(
            name: "case 5",
            key: Array(repeating: 0x0C, count: 20),
            message: Array("Test With Truncation".utf8),
            code: "a3b6167473100ee06e0c796c2955552b"
        ),
        Vector(
            name: "case 6",
            key: Array(repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        Vector(
            name: "case 7",
            key: Array(repeating: 0xAA, count: 131),
            message: Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.")
                    .utf8
            ),
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    @Test("the vectors of RFC 4231", arguments: vectors)
    func published(vector: Vector) throws {
        let expected = try Hexadecimal.decode(vector.code)
        #expect(Array(HMACSHA256.authenticationCode(for: vector.message, key: vector.key).prefix(expected.count)) == expected)
        let key = HMACKey(SecretBytes(vector.key))
        for _ in 0..<3 {
            #expect(Array(key.authenticationCode(for: vector.message).prefix(expected.count)) == expected)
        }
    }

    @Test("an empty key and an empty message are a key and a message")
    func empty() {
        let code = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(Hexadecimal.encode(HMACSHA256.authenticationCode(for: [], key: [])) == code)
        #expect(Hexadecimal.encode(HMACKey(SecretText("")).authenticationCode(parts: [])) == code)
    }

    @Test("parts give the code of the whole")
    func parts() {
        let key = HMACKey(SecretText("whsec_test"))
        let whole = key.authenticationCode(for: Array("1700000000.{}".utf8))
        #expect(key.authenticationCode(parts: [Array("1700000000".utf8), [], Array(".".utf8), Array("{}".utf8)]) == whole)
        #expect(key.isValid(whole, parts: [Array("1700000000.".utf8), Array("{}".utf8)]))
        #expect(!key.isValid(whole, parts: [Array("1700000000.".utf8), Array("{ }".utf8)]))
        #expect(!key.isValid(Array(whole.dropLast()), parts: [Array("1700000000.{}".utf8)]))
        #expect(!key.isValid([], parts: [Array("1700000000.{}".utf8)]))
    }

    @Test("one key serves many tasks at once")
    func concurrent() async {
        let key = HMACKey([1, 2, 3])
        let expected = (0..<64).map { HMACSHA256.authenticationCode(for: [$0], key: [1, 2, 3]) }
        await withTaskGroup { group in
            for byte in UInt8(0)..<64 {
                group.addTask {
                    for _ in 0..<200 where key.authenticationCode(for: [byte]) != expected[Int(byte)] { return false }
                    return true
                }
            }
            for await isRight in group {
                #expect(isRight)
            }
        }
    }

    @Test("the time for two kilobytes is reported")
    func speed() {
        let key = HMACKey(SecretBytes(SecureRandom.bytes(32)))
        let message = SecureRandom.bytes(2_048)
        let rounds = 5_000
        var sum = 0
        let keyed = ContinuousClock().measure {
            for _ in 0..<rounds { sum += Int(key.authenticationCode(for: message)[0]) }
        }
        let digest = ContinuousClock().measure {
            for _ in 0..<rounds { sum += Int(SHA256.digest(message)[0]) }
        }
        print("2,048 bytes: HMAC \(keyed / rounds), SHA-256 \(digest / rounds)")
        #expect(sum > 0)
    }
}
