extension Dispute {
    /// Decides what follows when the charge becomes known of a dispute that was told before it: what the order core is told and what the
    /// books hold end as they would have if the charge had been known from the start.
    func adopted(by charge: Charge, at now: Timestamp) -> Decision {
        var after = self
        after.chargeID = charge.id
        after.updatedAt = max(updatedAt, now)
        after.version += 1
        var decision = Decision(effect: .applied)
        decision.dispute = after
        let isOfCharge = charge.order.amount.asset == amountWrittenOff.asset
        let loss = isOfCharge ? amountWrittenOff : .zero(charge.order.amount.asset)
        let type = NotificationType(announcing: status)
        if isOfCharge {
            decision.resolutions = [.found(charge, of: providerReference)]
        }
        guard type != nil || loss.isPositive else { return decision }
        let changed = charge.told(at: now) { charge in
            charge.amountLost = Amount(minorUnits: charge.amountLost.minorUnits + loss.minorUnits, asset: loss.asset)
        }
        decision.charge = changed
        if let type {
            decision.notifications = [
                OrderCoreNotification(
                    type: type,
                    cause: "\(id):\(after.version)",
                    subject: .dispute(after, changed),
                    occurredAt: now
                )
            ]
        }
        guard loss.isPositive else { return decision }
        decision.entries = charge.takingOver(
            loss,
            through: provider,
            cause: "\(provider.text):\(providerReference):loss_reassigned:\(after.version)",
            occurredAt: lastFactAt
        )
        if let cause = decision.entries.first?.cause, changed.hasReturnedTooMuch {
            decision.exceptions = [changed.excess(cause: cause, transaction: providerReference, provider: provider, occurredAt: lastFactAt)]
        }
        return decision
    }
}
