import Payments
import StrictJSON

/// A notification's body, rendered once when it is written and sent byte for byte at every attempt.
enum NotificationDocument {
    /// The body: type, time and data; `chargeDocument` is the charge as `ChargeDocument` writes it, where that was done already.
    static func body(of notification: OrderCoreNotification, chargeDocument: [UInt8]? = nil) -> String {
        var writer = JSONWriter()
        writer.object { document in
            document.member("type", notification.type.rawValue)
            document.member("timestamp", notification.occurredAt.rfc3339)
            document.member("data") { write(notification.subject, chargeDocument, to: &$0) }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func write(_ subject: OrderCoreNotification.Subject, _ chargeDocument: [UInt8]?, to writer: inout JSONWriter) {
        writer.object { data in
            switch subject {
            case .charge(let charge):
                data.member("charge", json: chargeDocument ?? ChargeDocument.bytes(charge))
                data.member("version", charge.version)
            case .refund(let refund, let charge):
                data.member("refund") { RefundDocument.write(refund, to: &$0) }
                data.member("charge") { ChargeDocument.write(charge, to: &$0) }
                data.member("version", charge.version)
            case .dispute(let dispute, let charge):
                data.member("dispute") { DisputeDocument.write(dispute, to: &$0) }
                data.member("charge") { ChargeDocument.write(charge, to: &$0) }
                data.member("version", charge.version)
            case .unmatched(let payment):
                data.member("payment") { write(payment, to: &$0) }
            case .withdrawal(let withdrawal):
                data.member("withdrawal") { WithdrawalDocument.write(withdrawal, to: &$0) }
                data.member("version", withdrawal.version)
            case .walletCredits(let summary):
                data.member("credits") { $0.write(WalletCreditDocument.json(summary)) }
            }
        }
    }

    private static func write(_ payment: UnmatchedPayment, to writer: inout JSONWriter) {
        writer.object { document in
            document.member("reason", payment.reason.rawValue)
            document.member("provider", payment.provider.text)
            document.member("transaction", payment.transaction)
            document.member("amount", payment.amount.decimal)
            document.member("currency", payment.amount.asset.code)
            document.member("charge_id", payment.chargeID?.description)
            document.member("order_id", payment.orderID)
        }
    }
}
