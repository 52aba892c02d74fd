import Cryptography
import Foundation
import Payments

/// Stripe's `payment_intent.succeeded` for prepared charges: 2 KB each, with an id of its own and a fresh signature.
struct StripeEvents {
    /// Text and names of what is to be put in, by turns.
    private let parts: [[UInt8]]
    private let key = HMACKey(Array(GatewayProcess.stripeSecret.utf8))

    /// Reads the sample that the provider's folder holds.
    init() throws {
        let sample = try String(contentsOfFile: "providers/stripe/samples/04-payment_intent_succeeded-card.json", encoding: .utf8)
        let marked = sample.replacingOccurrences(of: "evt_3SXA04succ", with: "\u{1}event\u{1}")
            .replacingOccurrences(of: "pi_3SXA0000000000000001A", with: "\u{1}intent\u{1}")
            .replacingOccurrences(of: "chg_01JD8Q", with: "\u{1}charge\u{1}")
        parts = marked.split(separator: "\u{1}", omittingEmptySubsequences: false).map { Array($0.utf8) }
    }

    /// The whole HTTP request that tells of a charge's payment.
    func request(for charge: Charge) -> [UInt8] {
        var body: [UInt8] = []
        for (index, part) in parts.enumerated() {
            body += index.isMultiple(of: 2) ? part : name(String(decoding: part, as: UTF8.self), of: charge)
        }
        let time = Int(Date().timeIntervalSince1970)
        let signature = Hexadecimal.encode(key.authenticationCode(parts: [Array("\(time).".utf8), body]))
        let head = """
            POST /webhooks/stripe HTTP/1.1\r
            Host: 127.0.0.1\r
            Content-Type: application/json\r
            Stripe-Signature: t=\(time),v1=\(signature)\r
            Content-Length: \(body.count)\r
            \r\n
            """
        return Array(head.utf8) + body
    }

    private func name(_ place: String, of charge: Charge) -> [UInt8] {
        switch place {
        case "event": Array("evt_\(charge.id)".utf8)
        case "intent": Array((charge.providerReference ?? "").utf8)
        default: Array("\(charge.id)".utf8)
        }
    }
}
