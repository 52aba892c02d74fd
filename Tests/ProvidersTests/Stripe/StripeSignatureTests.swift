import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

/// The vectors of `providers/stripe/signatures.json`, made with the official library.
@Suite("Stripe signatures")
struct StripeSignatureTests {
    private static func verdict(_ secrets: [String], _ header: String?, _ body: [UInt8], now: Int64) -> WebhookVerdict {
        let provider = StripeProvider(
            profile: ProviderProfile(name: .stripe, methods: [:]),
            secretKey: SecretText("sk_test_1"),
            webhookSecrets: secrets.map { SecretText($0) },
            apiBase: "http://127.0.0.1"
        )
        var headers = HTTPFields()
        if let header { headers[.stripeSignature] = header }
        return provider.verify(UnverifiedWebhook(headers: headers, body: body), at: Timestamp(seconds: now))
    }

    @Test("every vector is met, those where official libraries differ as documented")
    func vectors() throws {
        let file = try JSONValue.parse(Fixture.bytes("providers/stripe/signatures.json"))
        var checked = 0
        for vector in (file["cases"]?.array ?? []) + (file["divergent"]?.array ?? []) {
            let name = vector["name"]?.string ?? "?"
            let expected = vector["expected"]?.string
            guard vector["tolerance"]?.int64 == 300, expected != "either" else { continue }
            let body = try Base64.decode(vector["body_base64"]?.string ?? "")
            let secrets = (vector["secrets"]?.array ?? []).compactMap(\.string)
            guard let header = vector["header"] else { continue }
            let verdict = Self.verdict(secrets, header.string, body, now: vector["now"]?.int64 ?? 0)
            switch verdict {
            case .verified: #expect(expected == "valid", "\(name)")
            // A signature over something that is no event is right, and is refused for its form.
            case .refused(let reason): #expect(expected == "invalid" || reason == .bodyMalformed, "\(name): \(reason)")
            }
            checked += 1
        }
        #expect(checked > 30)
    }

    @Test("a header cut at any byte, or filled with random bytes, is refused and nothing worse")
    func truncation() throws {
        let body = try Fixture.bytes("providers/stripe/samples/04-payment_intent_succeeded-card.json")
        let code = Hexadecimal.encode(HMACSHA256.authenticationCode(for: Array("1000.".utf8) + body, key: Array("whsec_1".utf8)))
        let header = "t=1000,v1=\(code)"
        guard case .verified = Self.verdict(["whsec_1"], header, body, now: 1000) else {
            Issue.record("the whole header must verify")
            return
        }
        for length in 0..<header.utf8.count {
            if case .verified = Self.verdict(["whsec_1"], String(header.prefix(length)), body, now: 1000) {
                Issue.record("cut at \(length)")
            }
        }
        var random = SeededRandom.printed("signature headers")
        for _ in 0..<5000 {
            let text = String(
                (0..<Int.random(in: 0...90, using: &random)).map { _ in
                    Character(Unicode.Scalar(UInt8.random(in: 32...126, using: &random)))
                }
            )
            if case .verified = Self.verdict(["whsec_1"], text, body, now: 1000) { Issue.record("verified \(text)") }
        }
        for length in 0..<body.count {
            if case .verified = Self.verdict(["whsec_1"], header, Array(body.prefix(length)), now: 1000) {
                Issue.record("body cut at \(length)")
            }
        }
    }
}
