/// What happens to money that no charge can take: it is booked, shown to finance, and told to the order core.
package enum SuspenseRule {
    /// Decides for a fact that names no charge we know.
    ///
    /// Facts without money are already over: there is nothing to move.
    package static func unmatched(_ fact: PaymentFact, reason: SuspenseReason, at now: Timestamp) -> Decision {
        switch fact.kind {
        case .captured(let capture), .unclaimed(let capture, _): suspend(capture, fact, reason: reason, charge: nil, at: now)
        default: .alreadyKnown
        }
    }

    /// Books money to suspense; coins are booked payment by payment, because each may be known already.
    static func suspend(
        _ capture: PaymentFact.Capture,
        _ fact: PaymentFact,
        reason: SuspenseReason,
        charge: Charge?,
        at now: Timestamp
    ) -> Decision {
        var decision = Decision(effect: .suspended(reason))
        for movement in movements(of: capture, unknownTo: charge) {
            let asset = movement.amount.asset
            guard
                let transfer = try? Transfer(
                    debit: ChartOfAccounts.clearing(fact.provider, asset),
                    credit: ChartOfAccounts.suspense(fact.provider, asset),
                    amount: movement.amount
                )
            else { continue }
            let cause = CaptureCause.of(movement, through: fact.provider)
            let entry = JournalEntry(cause: cause, kind: .suspense, transfer, chargeID: charge?.id, occurredAt: fact.occurredAt)
            decision.entries.append(entry)
            announce(movement, fact, cause: cause, reason: reason, charge: charge, at: now, in: &decision)
        }
        return decision.entries.isEmpty ? .alreadyKnown : decision
    }

    private static func movements(of capture: PaymentFact.Capture, unknownTo charge: Charge?) -> [PaymentFact.Capture] {
        guard let coins = capture.coins else { return [capture] }
        return coins.payments.filter { charge?.hasTaken($0.transaction) != true }.map { PaymentFact.Capture($0) }
    }

    /// Shows money that the entry of `cause` holds to finance, and tells the order core of it.
    static func announce(
        _ capture: PaymentFact.Capture,
        _ fact: PaymentFact,
        cause: EntryCause,
        reason: SuspenseReason,
        charge: Charge?,
        at now: Timestamp,
        in decision: inout Decision
    ) {
        decision.exceptions.append(
            PaymentException(
                cause: cause,
                reason: reason,
                provider: fact.provider,
                transaction: capture.transaction,
                amount: capture.amount,
                chargeID: charge?.id,
                occurredAt: fact.occurredAt
            )
        )
        let payment = UnmatchedPayment(
            reason: reason,
            provider: fact.provider,
            transaction: capture.transaction,
            amount: capture.amount,
            chargeID: charge?.id,
            chargeVersion: charge?.version,
            orderID: charge?.order.orderID
        )
        decision.notifications.append(
            OrderCoreNotification(type: .paymentUnmatched, cause: cause.text, subject: .unmatched(payment), occurredAt: now)
        )
    }
}
