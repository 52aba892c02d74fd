import Foundation

/// Stripe events as the provider spells them, white space included.
enum StripeEventSample: String, CaseIterable {
    case cardSucceeded = "04-payment_intent_succeeded-card.json"
    case promptPayRequiresAction = "06-payment_intent_requires_action-promptpay-qr.json"
    case chargeSucceeded = "03-charge_succeeded.json"

    func bytes(source: String = #filePath) throws -> [UInt8] {
        let file = URL(filePath: source).deletingLastPathComponent().appending(path: "Samples").appending(path: rawValue)
        return [UInt8](try Data(contentsOf: file))
    }
}
