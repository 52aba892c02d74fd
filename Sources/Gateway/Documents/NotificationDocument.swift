import Payments
import StrictJSON

/// A notification's body, rendered once when it is written and sent byte for byte at every attempt.
enum NotificationDocument {
    /// The body: type, time and data.
    static func body(of notification: OrderCoreNotification) -> String {
        JSONValue.object(
            JSONObject([
                ("type", .string(notification.type.rawValue)),
                ("timestamp", .string(notification.occurredAt.rfc3339)),
                ("data", data(of: notification)),
            ])
        ).text
    }

    private static func data(of notification: OrderCoreNotification) -> JSONValue {
        switch notification.subject {
        case .charge(let charge):
            .object(JSONObject([("charge", ChargeDocument.json(charge)), ("version", .number(JSONNumber(charge.version)))]))
        case .unmatched(let payment):
            .object(
                JSONObject([
                    ("payment", unmatched(payment))
                ])
            )
        case .walletCredits(let summary): .object(JSONObject([("credits", WalletCreditDocument.json(summary))]))
        }
    }

    private static func unmatched(_ payment: UnmatchedPayment) -> JSONValue {
        .object(
            JSONObject([
                ("reason", .string(payment.reason.rawValue)),
                ("provider", .string(payment.provider.text)),
                ("transaction", .string(payment.transaction)),
                ("amount", .string(payment.amount.decimal)),
                ("currency", .string(payment.amount.asset.code)),
                ("charge_id", payment.chargeID.map { .string($0.description) } ?? .null),
                ("order_id", payment.orderID.map { .string($0) } ?? .null),
            ])
        )
    }
}
