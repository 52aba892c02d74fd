import HTTPTypes
import Payments
import StrictJSON

/// The calls that we make of PayPal's API: orders v2, payments v2, disputes v1.
enum PayPalRequests {
    /// Creates an order; nil when PayPal cannot express the amount.
    ///
    /// Its id of ours comes back in captures, events and reports, and the keys are made of it, so every repetition is the same request.
    static func create(_ charge: Charge) -> PayPalCall? {
        guard let amount = PayPalAmount.value(charge.order.amount) else { return nil }
        var unit = JSONObject([
            ("reference_id", "default"), ("custom_id", .string(charge.id.description)),
            // Unique for each attempt, or PayPal takes the second try of an order for a double payment.
            ("invoice_id", .string("\(charge.id)-1")), ("amount", amount),
        ])
        if let number = charge.order.orderNumber, (1...127).contains(number.utf8.count) { unit["description"] = .string(number) }
        var context: JSONObject = [
            "user_action": "PAY_NOW", "shipping_preference": "NO_SHIPPING", "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",
        ]
        if let url = charge.order.returnURL {
            context["return_url"] = .string(url)
            context["cancel_url"] = .string(url)
        }
        let body: JSONValue = [
            "intent": charge.order.capture == .manual ? "AUTHORIZE" : "CAPTURE",
            "purchase_units": [.object(unit)],
            "payment_source": ["paypal": ["experience_context": .object(context)]],
        ]
        return PayPalCall(method: .post, path: "/v2/checkout/orders", body: body.serialized(), requestID: "\(charge.id):create")
    }

    /// Takes the money of an approved order, or holds it.
    static func complete(_ orderID: PayPalID, of charge: Charge) -> PayPalCall {
        let action = charge.order.capture == .manual ? "authorize" : "capture"
        return PayPalCall(
            method: .post,
            path: "/v2/checkout/orders/\(orderID)/\(action)",
            body: Array("{}".utf8),
            requestID: "\(charge.id):\(action)-order"
        )
    }

    /// Takes part or all of what is held and lets the rest go; nil when PayPal cannot express the amount.
    static func capture(_ amount: Amount, of authorization: PayPalID, for charge: Charge) -> PayPalCall? {
        guard let value = PayPalAmount.value(amount) else { return nil }
        let body: JSONValue = ["amount": value, "final_capture": true]
        return PayPalCall(
            method: .post,
            path: "/v2/payments/authorizations/\(authorization)/capture",
            body: body.serialized(),
            requestID: "\(charge.id):capture"
        )
    }

    /// Lets go of what is held.
    static func void(_ authorization: PayPalID, for charge: Charge) -> PayPalCall {
        PayPalCall(method: .post, path: "/v2/payments/authorizations/\(authorization)/void", requestID: "\(charge.id):void")
    }

    /// Gives money of a capture back; nil when PayPal cannot express the amount.
    static func refund(_ refund: Refund, of capture: PayPalID) -> PayPalCall? {
        guard let value = PayPalAmount.value(refund.amount) else { return nil }
        let body: JSONValue = ["amount": value, "custom_id": .string(refund.id.description)]
        return PayPalCall(
            method: .post,
            path: "/v2/payments/captures/\(capture)/refund",
            body: body.serialized(),
            requestID: refund.id.description
        )
    }

    /// Reads an order.
    static func order(_ id: PayPalID) -> PayPalCall { read("/v2/checkout/orders/\(id)") }

    /// Reads a capture.
    static func capture(_ id: PayPalID) -> PayPalCall { read("/v2/payments/captures/\(id)") }

    /// Reads an authorisation.
    static func authorization(_ id: PayPalID) -> PayPalCall { read("/v2/payments/authorizations/\(id)") }

    /// Reads a refund, or money that PayPal took back.
    static func refund(_ id: PayPalID) -> PayPalCall { read("/v2/payments/refunds/\(id)") }

    /// Reads a dispute.
    static func dispute(_ id: PayPalID) -> PayPalCall { read("/v1/customer/disputes/\(id)") }

    /// Lists the disputes of a capture.
    static func disputes(of capture: PayPalID) -> PayPalCall { read("/v1/customer/disputes?disputed_transaction_id=\(capture)") }

    private static func read(_ path: String) -> PayPalCall { PayPalCall(method: .get, path: path) }
}

/// An id of PayPal's that may stand in a path.
struct PayPalID: Sendable, Hashable, CustomStringConvertible {
    let description: String

    /// Wraps an id; nil when it could be more than one segment of a path.
    init?(_ text: String?) {
        guard let text, (1...127).contains(text.utf8.count),
            text.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            })
        else { return nil }
        description = text
    }
}
