package import Payments
import QRCodes
package import StrictJSON

/// A charge as the outside sees it: in answers, in lists and in notifications.
package enum ChargeDocument {
    /// The charge as JSON, members in the order of the contract.
    package static func json(_ charge: Charge) -> JSONValue {
        let order = charge.order
        var members: [(String, JSONValue)] = [
            ("id", .string(charge.id.description)),
            ("order_id", .string(order.orderID)),
            ("order_number", text(order.orderNumber)),
            ("customer_id", text(order.customerID)),
            ("status", .string(charge.status.rawValue)),
            ("amount", .string(order.amount.decimal)),
            ("currency", .string(order.amount.asset.code)),
            ("amount_captured", .string(charge.amountCaptured.decimal)),
            ("amount_refunded", .string(charge.amountRefunded.decimal)),
        ]
        members += [
            ("method", .string(order.method.rawValue)),
            ("provider", .string(charge.provider.text)),
            ("provider_reference", text(charge.providerReference)),
            ("capture", .string(order.capture.rawValue)),
            ("next_action", charge.nextAction.map(nextAction) ?? .null),
            ("failure", charge.failure.map(failure) ?? .null),
            ("metadata", .object(JSONObject(order.metadata.map { ($0.name, .string($0.value)) }))),
            ("expires_at", text(order.expiresAt?.rfc3339)),
            ("created_at", .string(charge.createdAt.rfc3339)),
            ("updated_at", .string(charge.updatedAt.rfc3339)),
            ("version", .number(JSONNumber(charge.version))),
        ]
        return .object(JSONObject(members))
    }

    private static func nextAction(_ action: NextAction) -> JSONValue {
        switch action {
        case .displayQR(let payload, let expiresAt):
            .object(
                JSONObject([
                    ("type", .string("display_qr")),
                    ("qr_string", .string(payload)),
                    ("qr_code", text(try? QRSymbol(payload).dataURI())),
                    ("expires_at", text(expiresAt?.rfc3339)),
                ])
            )
        case .redirect(let url):
            .object(JSONObject([("type", .string("redirect")), ("url", .string(url))]))
        }
    }

    private static func failure(_ failure: ChargeFailure) -> JSONValue {
        .object(
            JSONObject([
                ("code", .string(failure.code)),
                ("message", .string(failure.message)),
                ("provider_code", text(failure.providerCode)),
                ("retryable", .bool(failure.isRetryable)),
            ])
        )
    }

    private static func text(_ value: String?) -> JSONValue {
        value.map { .string($0) } ?? .null
    }
}
