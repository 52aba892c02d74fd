extension Refund {
    /// Decides what follows when the charge becomes known of a refund that was told before it: what the order core is told and what the
    /// books hold end as they would have if the charge had been known from the start.
    func adopted(by charge: Charge, at now: Timestamp) -> Decision {
        var after = self
        after.chargeID = charge.id
        after.updatedAt = max(updatedAt, now)
        after.version += 1
        var decision = Decision(effect: .applied)
        decision.refund = after
        let isOfCharge = charge.order.amount.asset == amount.asset
        let isGiven = status == .succeeded
        guard isGiven || !status.countsAgainstCharge else { return decision }
        let changed = charge.told(at: now) { charge in
            guard isGiven, isOfCharge else { return }
            charge.amountRefunded = Amount(minorUnits: charge.amountRefunded.minorUnits + amount.minorUnits, asset: amount.asset)
        }
        decision.charge = changed
        decision.notifications = [
            OrderCoreNotification(
                type: isGiven ? .refundSucceeded : .refundFailed,
                cause: "\(id):\(after.version)",
                subject: .refund(after, changed),
                occurredAt: now
            )
        ]
        guard isOfCharge, let reference = providerReference else { return decision }
        decision.resolutions = [.found(charge, of: reference)]
        guard isGiven else { return decision }
        decision.entries = charge.takingOver(
            amount,
            through: provider,
            cause: "\(provider.text):\(reference):refund_reassigned",
            occurredAt: lastFactAt
        )
        if let cause = decision.entries.first?.cause, changed.hasReturnedTooMuch {
            decision.exceptions = [changed.excess(cause: cause, transaction: reference, provider: provider, occurredAt: lastFactAt)]
        }
        return decision
    }
}
