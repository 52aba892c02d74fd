/// What we do with each of PayPal's event types; `providers/paypal/events.yaml` is the same table for people, and a test compares both.
enum PayPalEvents {
    /// How an event type is taken.
    enum Meaning: String, CaseIterable {
        /// Its order is looked at, and completed when it is approved.
        case order
        /// As `order`, but the resource names it by `order_id`.
        case orderByReference = "order_by_reference"
        case capture
        case authorization
        /// The resource is a refund, also where the event is called after the capture.
        case refund
        /// Money that PayPal took back by itself, perhaps for a dispute; the resource has the form of a refund.
        case reversal
        case dispute
        /// The capture's own event tells the same.
        case toldByCapture = "told_by_capture"
        /// A payout of ours, named by the batch's or the item's `sender_batch_id`, is looked up.
        case payout
        /// What old integrations get.
        case kept

        /// The sort of object that has to be asked for; nil for events that ask nothing of us.
        var objectKind: PayPalObjectKind? {
            switch self {
            case .order, .orderByReference: .order
            case .capture: .capture
            case .authorization: .authorization
            case .refund: .refund
            case .reversal: .reversal
            case .dispute: .dispute
            case .toldByCapture, .payout, .kept: nil
            }
        }

        /// Whether PayPal is asked about something because of the event.
        var isAsked: Bool { objectKind != nil || self == .payout }

        /// The member of the resource that holds the object's id.
        var idMember: String {
            switch self {
            case .orderByReference: "order_id"
            case .dispute: "dispute_id"
            default: "id"
            }
        }

        /// Why an event asks nothing of us.
        var reason: String {
            self == .toldByCapture ? "told by the capture" : "kept, not acted upon"
        }
    }

    /// How each type is taken; types that are not in the table are not known.
    static let table = [String: Meaning](meanings: [
        (.order, ["CHECKOUT.ORDER.APPROVED"]),
        (.orderByReference, ["CHECKOUT.PAYMENT-APPROVAL.REVERSED"]),
        (.toldByCapture, ["CHECKOUT.ORDER.COMPLETED", "CHECKOUT.ORDER.PROCESSED"]),
        (
            .capture,
            ["PAYMENT.CAPTURE.COMPLETED", "PAYMENT.CAPTURE.PENDING", "PAYMENT.CAPTURE.DENIED", "PAYMENT.CAPTURE.DECLINED"]
        ),
        (.refund, ["PAYMENT.CAPTURE.REFUNDED", "PAYMENT.REFUND.PENDING", "PAYMENT.REFUND.FAILED"]),
        (.reversal, ["PAYMENT.CAPTURE.REVERSED"]),
        (.authorization, ["PAYMENT.AUTHORIZATION.CREATED", "PAYMENT.AUTHORIZATION.VOIDED"]),
        (.dispute, ["CUSTOMER.DISPUTE.CREATED", "CUSTOMER.DISPUTE.UPDATED", "CUSTOMER.DISPUTE.RESOLVED"]),
        (
            .payout,
            [
                "PAYMENT.PAYOUTSBATCH.PROCESSING", "PAYMENT.PAYOUTSBATCH.SUCCESS", "PAYMENT.PAYOUTSBATCH.DENIED",
                "PAYMENT.PAYOUTS-ITEM.SUCCEEDED", "PAYMENT.PAYOUTS-ITEM.FAILED", "PAYMENT.PAYOUTS-ITEM.UNCLAIMED",
                "PAYMENT.PAYOUTS-ITEM.RETURNED", "PAYMENT.PAYOUTS-ITEM.BLOCKED", "PAYMENT.PAYOUTS-ITEM.CANCELED",
                "PAYMENT.PAYOUTS-ITEM.DENIED", "PAYMENT.PAYOUTS-ITEM.HELD", "PAYMENT.PAYOUTS-ITEM.REFUNDED",
            ]
        ),
        (
            .kept,
            [
                "PAYMENT.SALE.COMPLETED", "PAYMENT.SALE.DENIED", "PAYMENT.SALE.PENDING", "PAYMENT.SALE.REFUNDED", "PAYMENT.SALE.REVERSED",
                "RISK.DISPUTE.CREATED",
            ]
        ),
    ])
}

/// The sorts of objects that events point at.
enum PayPalObjectKind: String, CaseIterable {
    case order
    case capture
    case authorization
    case refund
    case reversal
    case dispute
}
