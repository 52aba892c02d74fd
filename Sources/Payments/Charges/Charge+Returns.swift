extension Charge {
    /// The account that a payment's money stands on, from which refunds and lost disputes take it.
    ///
    /// Until the charge is paid, and in any other currency than its own, that is suspense: nothing has reached the charge.
    static func home(of charge: Charge?, through provider: ProviderName, _ asset: Asset) -> LedgerAccount {
        guard let charge, charge.paidBy != nil, charge.order.amount.asset == asset else {
            return ChartOfAccounts.suspense(provider, asset)
        }
        return ChartOfAccounts.ordersPayable(asset)
    }

    /// What can still be given back, with `refunds` as all that are known of this charge; never negative.
    package func refundable(beside refunds: [Refund]) -> Amount {
        let asset = order.amount.asset
        let reserved = refunds.reduce(Int128(0)) { sum, refund in
            refund.status.countsAgainstCharge && refund.amount.asset == asset ? sum + refund.amount.minorUnits : sum
        }
        let left = amountCaptured.minorUnits - amountLost.minorUnits - reserved
        return Amount(minorUnits: max(0, left), asset: asset)
    }

    /// Whether more went back than came in, which no request of ours can cause.
    var hasReturnedTooMuch: Bool {
        paidBy != nil && amountRefunded.minorUnits + amountLost.minorUnits > amountCaptured.minorUnits
    }

    /// Shows finance that more went back than came in.
    func excess(cause: EntryCause, transaction: String, _ fact: PaymentFact) -> PaymentException {
        excess(cause: cause, transaction: transaction, provider: fact.provider, occurredAt: fact.occurredAt)
    }

    /// Shows finance that more went back than came in, as something that happened at `occurredAt` has it.
    func excess(cause: EntryCause, transaction: String, provider: ProviderName, occurredAt: Timestamp) -> PaymentException {
        PaymentException(
            cause: cause,
            reason: .returnsExceedCapture,
            provider: provider,
            transaction: transaction,
            amount: Amount(
                minorUnits: amountRefunded.minorUnits + amountLost.minorUnits - amountCaptured.minorUnits,
                asset: order.amount.asset
            ),
            chargeID: id,
            occurredAt: occurredAt
        )
    }

    /// What a paid charge makes good to suspense for `amount` that was taken from there before its charge was known; the payment of one
    /// that is not paid yet will.
    func takingOver(_ amount: Amount, through provider: ProviderName, cause: String, occurredAt: Timestamp) -> [JournalEntry] {
        let suspense = ChartOfAccounts.suspense(provider, amount.asset)
        let home = Charge.home(of: self, through: provider, amount.asset)
        guard home != suspense, let transfer = try? Transfer(debit: home, credit: suspense, amount: amount) else { return [] }
        return [JournalEntry(cause: EntryCause(cause), kind: .reassignment, transfer, chargeID: id, occurredAt: occurredAt)]
    }

    /// The charge after a change that the order core is told of.
    func told(at now: Timestamp, _ change: (inout Charge) -> Void) -> Charge {
        var charge = self
        charge.updatedAt = max(updatedAt, now)
        charge.version += 1
        change(&charge)
        return charge
    }
}
