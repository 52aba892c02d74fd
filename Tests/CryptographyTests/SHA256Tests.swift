import Cryptography
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    @Test(
        "the examples of FIPS 180-4 and NIST's byte vectors",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("616263", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "6162636462636465636465666465666765666768666768696768696a68696a6b696a6b6c6a6b6c6d6b6c6d6e6c6d6e6f6d6e6f706e6f7071",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            ("d3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"),
            ("11af", "5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98"),
            ("74ba2521", "b16aa56be3880d18cd41e68384cf1ec8c17680c45a02b1575dc1518923ae8b0e"),
        ]
    )
    func vectors(message: String, digest: String) throws {
        #expect(Hexadecimal.encode(SHA256.digest(try Hexadecimal.decode(message))) == digest)
    }

    @Test("a million times the letter a, in uneven pieces")
    func millionLetters() {
        var hasher = SHA256Hasher()
        var remaining = 1_000_000
        while remaining > 0 {
            let count = min(remaining, 777)
            hasher.update(Array(repeating: UInt8(ascii: "a"), count: count))
            remaining -= count
        }
        #expect(Hexadecimal.encode(hasher.finalize()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("parts give the digest of the whole wherever it is cut")
    func parts() {
        let message = Array("a message cut in parts".utf8)
        for cut in 0...message.count {
            #expect(SHA256.digest(parts: [Array(message[..<cut]), [], Array(message[cut...])]) == SHA256.digest(message))
        }
        #expect(SHA256.digest(parts: []) == SHA256.digest([]))
    }

    @Test("one computation that is used again gives every digest as if it were the first")
    func reused() {
        var hasher = SHA256Hasher()
        for length in 0..<200 {
            let message = Array(repeating: UInt8(truncatingIfNeeded: length), count: length)
            let words = hasher.digestWords(message)
            #expect(withUnsafeBytes(of: words) { Array($0) } == SHA256.digest(message))
        }
    }

    @Test("a computation that is never finished frees its memory")
    func abandoned() {
        for _ in 0..<1_000 {
            var hasher = SHA256Hasher()
            hasher.update([1, 2, 3])
        }
    }
}
