import Cryptography
import TestSupport
import Testing

@Suite("Certificates and whom we trust")
struct CertificateTests {
    /// Noon of 2026-11-24 in UTC, a moment of the vectors.
    private static let now: Int64 = 1_795_435_200

    private static func read(_ name: String) throws -> [X509Certificate] {
        try X509Certificate.readAll(pem: Fixture.bytes("providers/paypal/pki/\(name).pem"))
    }

    private static func verdict(_ name: String, roots: [String] = ["root"], at seconds: Int64 = now) throws -> TrustStore.Verdict {
        let store = TrustStore(roots: try roots.flatMap(read), includesSystem: false)
        let leaf = try #require(try read(name).first)
        return store.verify(leaf, intermediates: try read("intermediate"), at: seconds)
    }

    @Test("a chain leads to the root, and its end is the first end of its members")
    func chain() throws {
        let end = try #require(
            [try Self.read("leaf-sandbox"), try Self.read("intermediate"), try Self.read("root")].joined().map(\.notAfter).min()
        )
        #expect(try Self.verdict("leaf-sandbox") == .trusted(until: end))
        guard case .trusted = try Self.verdict("leaf-live") else {
            Issue.record("the live leaf is not trusted")
            return
        }
    }

    @Test("names are left to the caller", arguments: ["leaf-wrong-name", "leaf-suffix-name", "leaf-notpaypal"])
    func names(leaf: String) throws {
        guard case .trusted = try Self.verdict(leaf) else {
            Issue.record("\(leaf) does not lead to the root")
            return
        }
    }

    @Test("times are those of the clock that is passed in")
    func times() throws {
        #expect(try Self.verdict("leaf-expired") == .expired)
        #expect(try Self.verdict("leaf-not-yet-valid") == .notYetValid)
        let leaf = try #require(try Self.read("leaf-sandbox").first)
        #expect(leaf.notBefore < Self.now && Self.now < leaf.notAfter)
        #expect(try Self.verdict("leaf-sandbox", at: leaf.notAfter + 1) != .trusted(until: leaf.notAfter))
        #expect(try Self.verdict("leaf-sandbox", at: leaf.notBefore - 1) != .trusted(until: leaf.notAfter))
    }

    @Test("what does not lead to the root is not trusted", arguments: ["leaf-wrong-ca", "leaf-self-signed", "leaf-issued-by-leaf"])
    func untrusted(leaf: String) throws {
        guard case .untrusted = try Self.verdict(leaf) else {
            Issue.record("\(leaf) is not refused")
            return
        }
    }

    @Test("a leaf is no authority even when it is sent along, and a root that is sent along is no root")
    func sentAlong() throws {
        let store = TrustStore(roots: try Self.read("root"), includesSystem: false)
        let issued = try #require(try Self.read("leaf-issued-by-leaf").first)
        let others = try Self.read("leaf-live") + Self.read("intermediate")
        guard case .untrusted = store.verify(issued, intermediates: others, at: Self.now) else {
            Issue.record("a leaf has issued a certificate")
            return
        }
        let stranger = try #require(try Self.read("leaf-wrong-ca").first)
        guard case .untrusted = store.verify(stranger, intermediates: try Self.read("wrong-root"), at: Self.now) else {
            Issue.record("a root that came along is trusted")
            return
        }
    }

    @Test("without its intermediate a leaf leads nowhere, unless the intermediate is configured")
    func intermediates() throws {
        let leaf = try #require(try Self.read("leaf-sandbox").first)
        let bare = TrustStore(roots: try Self.read("root"), includesSystem: false)
        guard case .untrusted = bare.verify(leaf, intermediates: [], at: Self.now) else {
            Issue.record("the way is not needed")
            return
        }
        let configured = TrustStore(roots: try Self.read("root") + Self.read("intermediate"), includesSystem: false)
        guard case .trusted = configured.verify(leaf, intermediates: [], at: Self.now) else {
            Issue.record("the configured intermediate is not used")
            return
        }
    }

    @Test("an empty store and the system's trust nobody of ours")
    func strangers() throws {
        let leaf = try #require(try Self.read("leaf-sandbox").first)
        for includesSystem in [false, true] {
            let store = TrustStore(roots: [], includesSystem: includesSystem)
            let verdict = store.verify(leaf, intermediates: try Self.read("intermediate") + Self.read("root"), at: Self.now)
            guard case .untrusted = verdict else {
                Issue.record("trusted without a reason")
                return
            }
        }
    }

    @Test("common names are read as they stand")
    func commonNames() throws {
        #expect(try Self.read("leaf-sandbox").first?.commonNames == ["messageverificationcerts.sandbox.paypal.com"])
        #expect(try Self.read("leaf-wrong-name").first?.commonNames == ["evil.example"])
    }

    @Test("what an authority of ours issues is trusted by those who know it, and is read back from its own text")
    func authority() throws {
        let year = Self.now - 86_400...Self.now + 86_400
        let root = CertificateAuthority(commonName: "Root", validity: year)
        let middle = root.subordinate(commonName: "Middle", validity: year)
        let key = RSAPrivateKey()
        let request = CertificateAuthority.Request(commonName: "leaf.example", hostNames: ["leaf.example", "127.0.0.1"], validity: year)
        let leaf = middle.issue(request, for: key)
        let text = leaf.pem + middle.certificate.pem
        let read = try X509Certificate.readAll(pem: Array(text.utf8))
        #expect(read.count == 2 && read[0].commonNames == ["leaf.example"] && read[0].pem == leaf.pem)
        let store = TrustStore(roots: [root.certificate], includesSystem: false)
        #expect(store.verify(read[0], intermediates: [read[1]], at: Self.now) == .trusted(until: year.upperBound))
        #expect(store.verify(read[0], intermediates: [read[1]], at: year.upperBound + 1) == .expired)
        let message = Array("hello".utf8)
        #expect(try #require(read[0].rsaPublicKey).isValidSignature(key.signature(for: message), for: message))
    }

    @Test("a PEM text that is cut anywhere, changed at random or empty is an error or a certificate, never a crash")
    func damage() throws {
        let text = try Fixture.bytes("providers/paypal/pki/leaf-sandbox.pem")
        let whole = try #require(try X509Certificate.readAll(pem: text).first)
        for length in 0..<text.count - 1 {
            guard let read = try? X509Certificate.readAll(pem: Array(text.prefix(length))) else { continue }
            Issue.record("cut at \(length) it still holds \(read.count)")
        }
        #expect(throws: CryptographyError.self) { try X509Certificate.readAll(pem: []) }
        #expect(throws: CryptographyError.self) { try X509Certificate.readAll(pem: Array("<html>not found</html>".utf8)) }
        var random = SeededRandom.printed("certificates")
        for _ in 0..<3000 {
            var changed = text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? X509Certificate.readAll(pem: changed) else { continue }
            for certificate in read { _ = (certificate.commonNames, certificate.notAfter, certificate.rsaPublicKey, certificate.pem) }
        }
        #expect(whole.pem == (try X509Certificate.readAll(pem: Array(whole.pem.utf8)).first?.pem))
    }

    @Test("only blocks of certificates count, and none is decrypted")
    func labels() throws {
        let certificate = try #require(try Self.read("root").first).pem
        let key = certificate.replacing("CERTIFICATE", with: "PRIVATE KEY")
        #expect(try X509Certificate.readAll(pem: Array((key + "a comment\n" + certificate).utf8)).count == 1)
        #expect(throws: CryptographyError.self) { try X509Certificate.readAll(pem: Array(key.utf8)) }
        let encrypted = certificate.replacing("-----\nM", with: "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nM")
        #expect(throws: CryptographyError.self) { try X509Certificate.readAll(pem: Array(encrypted.utf8)) }
    }
}
