import HTTPTypes

/// Header names that HTTP itself does not know.
enum SimulatorHeaders {
    static let stripeSignature = known("Stripe-Signature")
    static let bankSignature = known("Bank-Signature")
    static let omiseSignature = known("Omise-Signature")
    static let omiseTimestamp = known("Omise-Signature-Timestamp")
    static let btcPaySignature = known("BTCPay-Sig")
    static let idempotencyKey = known("Idempotency-Key")
    static let idempotentReplayed = known("Idempotent-Replayed")
    static let requestID = known("Request-Id")
    static let webhookID = known("webhook-id")
    static let webhookTimestamp = known("webhook-timestamp")
    static let webhookSignature = known("webhook-signature")

    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a header name is not a token") }
        return name
    }
}
