/// What happens to money that no charge can take: it is booked, shown to finance, and told to the order core.
package enum SuspenseRule {
    /// Decides for a fact that names no charge we know.
    ///
    /// Facts without money are already over: there is nothing to move.
    package static func unmatched(_ fact: PaymentFact, reason: SuspenseReason, at now: Timestamp) -> Decision {
        guard case .captured(let capture) = fact.kind else { return .alreadyKnown }
        return suspend(capture, fact, reason: reason, charge: nil, at: now)
    }

    static func suspend(
        _ capture: PaymentFact.Capture,
        _ fact: PaymentFact,
        reason: SuspenseReason,
        charge: Charge?,
        at now: Timestamp
    ) -> Decision {
        let asset = capture.amount.asset
        guard
            let transfer = try? Transfer(
                debit: ChartOfAccounts.clearing(fact.provider, asset),
                credit: ChartOfAccounts.suspense(fact.provider, asset),
                amount: capture.amount
            )
        else { return .alreadyKnown }
        let cause = CaptureCause.of(capture, through: fact.provider)
        var decision = Decision(effect: .suspended(reason))
        decision.entries = [JournalEntry(cause: cause, kind: .suspense, transfer, chargeID: charge?.id, occurredAt: fact.occurredAt)]
        decision.exceptions = [
            PaymentException(
                cause: cause,
                reason: reason,
                provider: fact.provider,
                transaction: capture.transaction,
                amount: capture.amount,
                chargeID: charge?.id,
                occurredAt: fact.occurredAt
            )
        ]
        let payment = UnmatchedPayment(
            reason: reason,
            provider: fact.provider,
            transaction: capture.transaction,
            amount: capture.amount,
            chargeID: charge?.id,
            chargeVersion: charge?.version,
            orderID: charge?.order.orderID
        )
        decision.notifications = [
            OrderCoreNotification(type: .paymentUnmatched, cause: cause.text, subject: .unmatched(payment), occurredAt: now)
        ]
        return decision
    }
}
