/// Something the order core is told.
package struct OrderCoreNotification: Sendable, Hashable {
    package let type: NotificationType
    /// What it follows from; the outbox holds at most one notification for a cause and type.
    package let cause: String
    package let subject: Subject
    package let occurredAt: Timestamp

    /// Announces something.
    package init(type: NotificationType, cause: String, subject: Subject, occurredAt: Timestamp) {
        self.type = type
        self.cause = cause
        self.subject = subject
        self.occurredAt = occurredAt
    }

    /// What a notification speaks of.
    package enum Subject: Sendable, Hashable {
        /// The charge as it stands after the change.
        case charge(Charge)
        /// Money that reached no charge.
        case unmatched(UnmatchedPayment)
        /// A refund, and its charge as both stand after the change.
        case refund(Refund, Charge)
        /// A dispute, and its charge as both stand after the change.
        case dispute(Dispute, Charge)
        /// A withdrawal as it stands after the change.
        case withdrawal(Withdrawal)
        /// What a call put into customers' wallets.
        case walletCredits(WalletCreditSummary)
    }

    /// The place among the notifications of one key; equal places follow the order of their ids.
    package var ordinal: Int64 {
        switch subject {
        case .charge(let charge), .refund(_, let charge), .dispute(_, let charge): charge.version
        case .unmatched(let payment): payment.chargeVersion ?? 0
        case .withdrawal(let withdrawal): withdrawal.version
        case .walletCredits: 0
        }
    }

    /// Notifications with the same key arrive in the order in which they were written.
    package var orderingKey: String {
        switch subject {
        case .charge(let charge), .refund(_, let charge), .dispute(_, let charge): charge.id.description
        case .unmatched(let payment): payment.chargeID?.description ?? cause
        case .withdrawal(let withdrawal): withdrawal.id.description
        case .walletCredits(let summary): "wallet-credit:\(summary.batchID)"
        }
    }
}

/// Money that was booked to suspense, with the order it was meant for, if one is known.
package struct UnmatchedPayment: Sendable, Hashable {
    package let reason: SuspenseReason
    package let provider: ProviderName
    package let transaction: String
    package let amount: Amount
    package let chargeID: ChargeID?
    /// The charge's version when the money came, which places the news among those of the charge.
    package let chargeVersion: Int64?
    package let orderID: String?
}

/// The types of notification, in the words of our interface.
package enum NotificationType: String, Sendable, Hashable, CaseIterable {
    case chargeRequiresAction = "charge.requires_action"
    case chargeAuthorized = "charge.authorized"
    case chargeSucceeded = "charge.succeeded"
    case chargeFailed = "charge.failed"
    case chargeCanceled = "charge.canceled"
    case chargeExpired = "charge.expired"
    case refundSucceeded = "refund.succeeded"
    case refundFailed = "refund.failed"
    case disputeOpened = "dispute.opened"
    case disputeWon = "dispute.won"
    case disputeLost = "dispute.lost"
    case paymentUnmatched = "payment.unmatched"
    case walletCredited = "wallet.credited"
    /// What was held has left the wallet.
    case walletDebited = "wallet.debited"
    case withdrawalApproved = "withdrawal.approved"
    case withdrawalPaid = "withdrawal.paid"
    /// It came to nothing, was rejected, or came back; the customer has the money again.
    case withdrawalFailed = "withdrawal.failed"

    /// The notification that announces a status; nil for `processing`, which is no news.
    package init?(announcing status: ChargeStatus) {
        switch status {
        case .requiresAction: self = .chargeRequiresAction
        case .authorized: self = .chargeAuthorized
        case .succeeded: self = .chargeSucceeded
        case .failed: self = .chargeFailed
        case .canceled: self = .chargeCanceled
        case .expired: self = .chargeExpired
        case .processing: return nil
        }
    }

    /// The notification that announces where a dispute stands; nil for what is no news.
    package init?(announcing status: DisputeStatus) {
        switch status {
        case .needsResponse, .underReview: self = .disputeOpened
        case .won: self = .disputeWon
        case .lost: self = .disputeLost
        case .inquiry, .closed: return nil
        }
    }
}
