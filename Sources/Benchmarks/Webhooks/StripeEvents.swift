import Cryptography
import Foundation

/// Stripe's `payment_intent.succeeded` for prepared payments: 2 KB each, with an id of its own and a fresh signature.
struct StripeEvents: Sendable {
    /// The secret that signs them.
    static let secret = "whsec_benchmark"

    /// Text and names of what is to be put in, by turns.
    private let parts: [[UInt8]]
    private let key = HMACKey(Array(StripeEvents.secret.utf8))

    /// Reads the sample that the provider's folder holds.
    init() throws {
        let sample = try String(contentsOfFile: "providers/stripe/samples/04-payment_intent_succeeded-card.json", encoding: .utf8)
        let marked = sample.replacingOccurrences(of: "evt_3SXA04succ", with: "\u{1}event\u{1}")
            .replacingOccurrences(of: "pi_3SXA0000000000000001A", with: "\u{1}intent\u{1}")
            .replacingOccurrences(of: "chg_01JD8Q", with: "\u{1}charge\u{1}")
        parts = marked.split(separator: "\u{1}", omittingEmptySubsequences: false).map { Array($0.utf8) }
    }

    /// The whole requests that tell of the payments of charges.
    func requests(for payments: [PreparedPayment], path: String = "/webhooks/stripe") -> PreparedRequests {
        var requests = PreparedRequests()
        for payment in payments { requests.append(request(for: payment, path: path)) }
        return requests
    }

    private func request(for payment: PreparedPayment, path: String) -> [UInt8] {
        var body: [UInt8] = []
        for (index, part) in parts.enumerated() {
            body += index.isMultiple(of: 2) ? part : name(String(decoding: part, as: UTF8.self), of: payment)
        }
        let time = Int(Date().timeIntervalSince1970)
        let signature = Hexadecimal.encode(key.authenticationCode(parts: [Array("\(time).".utf8), body]))
        return PreparedRequests.post(path, headers: ["Stripe-Signature: t=\(time),v1=\(signature)"], body: body)
    }

    private func name(_ place: String, of payment: PreparedPayment) -> [UInt8] {
        switch place {
        case "event": Array("evt_\(payment.charge)".utf8)
        case "intent": Array(payment.reference.utf8)
        default: Array("\(payment.charge)".utf8)
        }
    }
}
