import Cryptography
import Testing

@Suite("RSA signatures")
struct RSATests {
    private static let key = RSAPrivateKey()
    private static let year: ClosedRange<Int64> = 1_790_000_000...1_820_000_000
    private static let authority = CertificateAuthority(commonName: "Test", validity: year)

    private static func publicKey(of key: RSAPrivateKey) throws -> RSAPublicKey {
        let request = CertificateAuthority.Request(commonName: "a", validity: year)
        return try #require(authority.issue(request, for: key).rsaPublicKey)
    }

    @Test("a signature is good for its message and its key alone")
    func signing() throws {
        let message = Array("id|time|webhook|1".utf8)
        let signature = Self.key.signature(for: message)
        let key = try Self.publicKey(of: Self.key)
        #expect(signature.count == 256)
        #expect(key.isValidSignature(signature, for: message))
        #expect(!key.isValidSignature(signature, for: message + [0]))
        #expect(!key.isValidSignature(signature, for: []))
        #expect(!(try Self.publicKey(of: RSAPrivateKey()).isValidSignature(signature, for: message)))
    }

    @Test("a signature with a changed bit, cut anywhere or made longer is refused")
    func damage() throws {
        let message = Array("message".utf8)
        let signature = Self.key.signature(for: message)
        let key = try Self.publicKey(of: Self.key)
        for place in signature.indices {
            var changed = signature
            changed[place] ^= 1
            #expect(!key.isValidSignature(changed, for: message))
            #expect(!key.isValidSignature(Array(signature.prefix(place)), for: message))
        }
        #expect(!key.isValidSignature(signature + [0], for: message))
        #expect(!key.isValidSignature([0] + signature, for: message))
    }

    @Test("a private key never prints")
    func printing() {
        #expect("\(Self.key)" == "***" && String(reflecting: Self.key) == "***")
        #expect(Mirror(reflecting: Self.key).children.isEmpty)
    }
}
