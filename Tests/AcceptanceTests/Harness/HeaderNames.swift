import HTTPTypes

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .eTag
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed") ?? .eTag
    static let bankSignature = HTTPField.Name("Bank-Signature") ?? .eTag
    static let stripeSignature = HTTPField.Name("Stripe-Signature") ?? .eTag
}
