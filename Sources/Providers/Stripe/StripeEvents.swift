/// What we do with each of Stripe's event types; `providers/stripe/events.yaml` is the same table for people, and a test compares both.
enum StripeEvents {
    /// How an event type is taken.
    enum Meaning: String, CaseIterable {
        /// Its object is a PaymentIntent that tells facts.
        case paymentIntent = "payment_intent"
        /// The PaymentIntent's own event tells the same.
        case toldByIntent = "told_by_intent"
        /// Refunds, disputes, settlement and reports are kept until they are read.
        case kept

        var reason: String {
            switch self {
            case .paymentIntent: "payment intent"
            case .toldByIntent: "told by the payment intent"
            case .kept: "kept, not acted upon"
            }
        }
    }

    /// How `type` is taken; nil for types that are not in the table.
    static func meaning(of type: String) -> Meaning? {
        table[type]
    }

    static let table: [String: Meaning] = {
        var table: [String: Meaning] = [:]
        for (meaning, types) in types { for type in types { table[type] = meaning } }
        return table
    }()

    private static let types: [(Meaning, [String])] = [
        (
            .paymentIntent,
            [
                "payment_intent.created", "payment_intent.requires_action", "payment_intent.processing",
                "payment_intent.amount_capturable_updated", "payment_intent.succeeded", "payment_intent.payment_failed",
                "payment_intent.canceled",
            ]
        ),
        (.toldByIntent, ["charge.succeeded", "charge.captured", "charge.pending", "charge.failed", "charge.expired"]),
        (
            .kept,
            [
                "payment_intent.partially_funded", "charge.updated", "refund.created", "refund.updated", "refund.failed", "charge.refunded",
                "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn",
                "charge.dispute.funds_reinstated", "radar.early_fraud_warning.created", "review.opened", "review.closed", "payout.created",
                "payout.updated", "payout.paid", "payout.failed", "payout.canceled", "payout.reconciliation_completed", "balance.available",
                "reporting.report_run.succeeded", "reporting.report_run.failed",
            ]
        ),
    ]
}
