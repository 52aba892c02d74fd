import HTTPTypes

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .eTag
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed") ?? .eTag
    static let bankSignature = HTTPField.Name("Bank-Signature") ?? .eTag
    static let stripeSignature = HTTPField.Name("Stripe-Signature") ?? .eTag
    static let omiseSignature = HTTPField.Name("Omise-Signature") ?? .eTag
    static let omiseTimestamp = HTTPField.Name("Omise-Signature-Timestamp") ?? .eTag
    static let btcPaySignature = HTTPField.Name("BTCPay-Sig") ?? .eTag
}
