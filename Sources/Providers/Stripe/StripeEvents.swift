/// What we do with each of Stripe's event types; `providers/stripe/events.yaml` is the same table for people, and a test compares both.
enum StripeEvents {
    /// How an event type is taken.
    enum Meaning: String, CaseIterable {
        /// Its object is a PaymentIntent that tells facts.
        case paymentIntent = "payment_intent"
        /// Its object is a Refund that tells how it stands.
        case refund
        /// Its object is a Dispute that tells how it stands and what money it moved.
        case dispute
        /// Its object is a Payout: a settlement to our bank.
        case payout
        /// Its object is a Charge of which more can now be read: its fee, or its refunds.
        case charge
        /// The PaymentIntent's own event tells the same.
        case toldByIntent = "told_by_intent"
        /// Settlement reports, reviews and warnings are kept until they are read.
        case kept

        /// Whether events of this kind are read for facts.
        var isRead: Bool {
            switch self {
            case .paymentIntent, .refund, .dispute, .payout, .charge: true
            case .toldByIntent, .kept: false
            }
        }

        var reason: String {
            switch self {
            case .toldByIntent: "told by the payment intent"
            case .kept: "kept, not acted upon"
            default: "read"
            }
        }
    }

    /// How each type is taken; types that are not in the table are not known.
    static let table = [String: Meaning](meanings: [
        (
            .paymentIntent,
            [
                "payment_intent.created", "payment_intent.requires_action", "payment_intent.processing",
                "payment_intent.amount_capturable_updated", "payment_intent.succeeded", "payment_intent.payment_failed",
                "payment_intent.canceled",
            ]
        ),
        (.refund, ["refund.created", "refund.updated", "refund.failed"]),
        (
            .dispute,
            [
                "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn",
                "charge.dispute.funds_reinstated",
            ]
        ),
        (.payout, ["payout.created", "payout.updated", "payout.paid", "payout.failed", "payout.canceled"]),
        (.charge, ["charge.updated", "charge.refunded"]),
        (.toldByIntent, ["charge.succeeded", "charge.captured", "charge.pending", "charge.failed", "charge.expired"]),
        (
            .kept,
            [
                "payment_intent.partially_funded", "radar.early_fraud_warning.created", "review.opened", "review.closed",
                "payout.reconciliation_completed", "balance.available", "reporting.report_run.succeeded", "reporting.report_run.failed",
            ]
        ),
    ])
}
