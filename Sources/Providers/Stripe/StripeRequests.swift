import Cryptography
import HTTPTypes
import Payments

/// Builds requests to Stripe's API.
struct StripeRequests: Sendable {
    private let apiBase: String
    private let secretKey: SecretText

    /// The version whose objects we read; `payment_method_types` exists in it.
    static let version = "2026-07-29.dahlia"

    init(apiBase: String, secretKey: SecretText) {
        self.apiBase = apiBase.hasSuffix("/") ? String(apiBase.dropLast()) : apiBase
        self.secretKey = secretKey
    }

    /// Creates and confirms a PaymentIntent; nil when Stripe cannot express the amount, or cannot offer the method.
    ///
    /// The key is made of our own id, so every repetition is the same request to Stripe.
    func create(_ charge: Charge) -> ProviderRequest? {
        guard let minorUnits = StripeAmount.minorUnits(charge.order.amount), let method = method(charge.order) else { return nil }
        var form: [(String, String)] = [
            ("amount", String(minorUnits)),
            ("currency", charge.order.amount.asset.code.lowercased()),
        ]
        form += method
        form += [
            ("confirm", "true"),
            ("metadata[charge_id]", charge.id.description),
            ("metadata[order_id]", charge.order.orderID),
        ]
        if charge.order.capture == .manual { form.append(("capture_method", "manual")) }
        if let url = charge.order.returnURL { form.append(("return_url", url)) }
        return post("/v1/payment_intents", form, key: "truvapay-\(charge.id)-create-1")
    }

    /// docs.stripe.com/payments/promptpay: the payer's address is required; refunds are arranged through it.
    private func method(_ order: ChargeOrder) -> [(String, String)]? {
        switch order.method {
        case .card:
            return [("payment_method_types[]", "card"), ("payment_method", order.cardToken ?? "")]
        case .promptpay:
            guard let email = order.metadata.first(where: { $0.name == "email" })?.value else { return nil }
            return [
                ("payment_method_types[]", "promptpay"), ("payment_method_data[type]", "promptpay"),
                ("payment_method_data[billing_details][email]", email),
            ]
        case .paypal, .crypto, .wallet:
            return nil
        }
    }

    /// Why a PaymentIntent is closed, in Stripe's words.
    enum CancellationReason: String {
        /// Nobody paid in time.
        case abandoned
        case requestedByCustomer = "requested_by_customer"
    }

    /// Closes a PaymentIntent.
    func cancel(_ reference: String, _ reason: CancellationReason, for charge: Charge) -> ProviderRequest {
        post(
            "/v1/payment_intents/\(FormEncoding.encode(reference))/cancel",
            [("cancellation_reason", reason.rawValue)],
            key: "truvapay-\(charge.id)-\(reason == .abandoned ? "expire" : "cancel")-1"
        )
    }

    /// Takes part or all of what is held; nil when Stripe cannot express the amount.
    ///
    /// The amount is in the key, because a capture that was refused may be asked for again with another.
    func capture(_ reference: String, _ amount: Amount, for charge: Charge) -> ProviderRequest? {
        guard let minorUnits = StripeAmount.minorUnits(amount) else { return nil }
        return post(
            "/v1/payment_intents/\(FormEncoding.encode(reference))/capture",
            [("amount_to_capture", String(minorUnits))],
            key: "truvapay-\(charge.id)-capture-\(minorUnits)"
        )
    }

    /// Gives part or all of a payment back; nil when Stripe cannot express the amount.
    func refund(_ refund: Refund, of reference: String) -> ProviderRequest? {
        guard let minorUnits = StripeAmount.minorUnits(refund.amount) else { return nil }
        var form = [
            ("payment_intent", reference), ("amount", String(minorUnits)), ("metadata[refund_id]", refund.id.description),
        ]
        if let chargeID = refund.chargeID { form.append(("metadata[charge_id]", chargeID.description)) }
        return post("/v1/refunds", form, key: "truvapay-\(refund.id)-refund-1")
    }

    /// Lists the refunds of a payment, newest first.
    func refunds(of reference: String, after last: String?) -> ProviderRequest {
        var query = [("payment_intent", reference), ("limit", "100")]
        if let last { query.append(("starting_after", last)) }
        return get("/v1/refunds", query)
    }

    /// Reads a PaymentIntent with the charge behind it and what that did to our balance.
    func fetch(_ reference: String) -> ProviderRequest {
        get("/v1/payment_intents/\(FormEncoding.encode(reference))", [("expand[]", "latest_charge.balance_transaction")])
    }

    /// Lists PaymentIntents since shortly before a charge was made, newest first.
    func list(since created: Timestamp, after last: String?) -> ProviderRequest {
        var query = [("limit", "100"), ("created[gte]", String(created.seconds - 60))]
        if let last { query.append(("starting_after", last)) }
        return get("/v1/payment_intents", query)
    }

    private func post(_ path: String, _ form: [(String, String)], key: String) -> ProviderRequest {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        headers[.stripeIdempotencyKey] = key
        return ProviderRequest(method: .post, url: apiBase + path, headers: headers, body: Array(FormEncoding.encode(form).utf8))
    }

    private func get(_ path: String, _ query: [(String, String)]) -> ProviderRequest {
        let suffix = query.isEmpty ? "" : "?" + FormEncoding.encode(query)
        return ProviderRequest(method: .get, url: apiBase + path + suffix, headers: headers)
    }

    private var headers: HTTPFields {
        var headers: HTTPFields = [.authorization: "Bearer \(secretKey.exposed)"]
        headers[.stripeVersion] = StripeRequests.version
        return headers
    }
}

/// The form encoding of Stripe's API: every byte that is not unreserved is written as %XX, brackets too.
enum FormEncoding {
    static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
    }

    /// RFC 3986 section 2.3: letters, digits and `-._~` stand for themselves.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
