import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

/// Damaged signatures; the vectors of `providers/stripe/signatures.json` are met in the conformance suite.
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
