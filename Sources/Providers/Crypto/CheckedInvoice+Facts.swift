import Payments

extension CheckedInvoice {
    /// Everything that the invoice says at this moment, so that any number of looks in any order lead to the same books.
    ///
    /// - Throws: `InterpretationError` when a payment that the books hold is not on the invoice any more.
    func facts(at now: Timestamp) throws(InterpretationError) -> [PaymentFact] {
        if let paidBy = charge.paidBy { return try factsAfterPayment(paidBy.split(separator: "+").map(String.init), at: now) }
        let standing = standing(at: now)
        guard charge.status.isOpen else { return unclaimed(confirmed, charge.status == .canceled ? .chargeClosed : .late) }
        switch standing.status {
        case .pending: return [fact(.actionRequired(nextAction), at: now)]
        case .seen: return [fact(.processing, at: now)]
        case .settled: return settledFacts
        case .expired:
            let reason: SuspenseReason = standing.detail == .paidLate ? .late : .amountMismatch
            return [fact(.expired, at: terms.expiresAt)] + unclaimed(confirmed, reason)
        case .invalid: return [fact(.attemptFailed(CheckedInvoice.unconfirmed), at: now)] + unclaimed(confirmed, .late)
        }
    }

    /// Our own judgement, and never a rosier one than the processor's: it watches the chain, we keep the policy.
    func standing(at now: Timestamp) -> InvoiceStanding {
        let time =
            switch invoice.status {
            case .expired: max(now, terms.expiresAt)
            case .invalid: max(now, terms.monitoredUntil)
            case .new, .processing, .settled: now
            }
        let own = InvoiceStanding(of: live, terms: terms, at: time)
        switch (own.status, invoice.status) {
        case (.settled, .new), (.settled, .processing): return InvoiceStanding(.seen, own.detail)
        case (.settled, .expired), (.settled, .invalid): return InvoiceStanding(.expired, .paidLate)
        case (.invalid, .new), (.invalid, .processing), (.invalid, .settled): return InvoiceStanding(.seen, own.detail)
        default: return own
        }
    }

    private static let unconfirmed = ChargeFailure(
        code: "payment_not_confirmed",
        message: "The payment was not confirmed in time.",
        isRetryable: true
    )

    private var live: [ChainPayment] {
        ChainPayment.distinct(invoice.payments.filter { !$0.isDropped }.map(\.payment))
    }

    private var confirmed: [ChainPayment] {
        live.filter { $0.confirmations >= terms.confirmationsNeeded }
    }

    /// The first payments that are the whole together; what came beyond them belongs to the payer.
    private var settledFacts: [PaymentFact] {
        var sum: Int128 = 0
        var taken: [ChainPayment] = []
        for payment in confirmed where payment.seenAt <= terms.expiresAt && sum < terms.due.minorUnits {
            taken.append(payment)
            let (total, overflow) = sum.addingReportingOverflow(payment.amount.minorUnits)
            sum = overflow ? .max : total
        }
        let rest = confirmed.filter { payment in !taken.contains(payment) }
        let capture = capture(of: taken)
        return [fact(.captured(capture), at: taken.last?.seenAt ?? invoice.createdAt)] + unclaimed(rest, .overpaid)
    }

    private func capture(of payments: [ChainPayment]) -> PaymentFact.Capture {
        PaymentFact.Capture(
            amount: charge.order.amount,
            transaction: payments.map(\.key).joined(separator: "+"),
            coins: PaymentFact.Coins(
                payments: payments.map { PaymentFact.CoinPayment(transaction: $0.key, amount: $0.amount) },
                due: terms.due,
                rate: invoice.rate
            )
        )
    }

    /// Once paid, only payments beyond and reorganisations are news.
    private func factsAfterPayment(_ keys: [String], at now: Timestamp) throws(InterpretationError) -> [PaymentFact] {
        let all = ChainPayment.distinct(invoice.payments.map(\.payment))
        let taken = all.filter { keys.contains($0.key) }
        let surplus = unclaimed(confirmed.filter { !keys.contains($0.key) }, .overpaid)
        // Without a reorganisation, a payment that is missing was not there yet when an older answer was given.
        guard invoice.reorganisationCount > 0 else { return surplus }
        guard taken.count == keys.count else { throw InterpretationError("a payment that was booked is not on the invoice") }
        let capture = capture(of: keys.compactMap { key in taken.first { $0.key == key } })
        return surplus + (1...invoice.reorganisationCount).flatMap { reorganisation(capture, number: $0, at: now) }
    }

    /// Each reorganisation took the money, and all but perhaps the last gave it back; what was told before books nothing again.
    private func reorganisation(_ capture: PaymentFact.Capture, number: Int, at now: Timestamp) -> [PaymentFact] {
        let transaction = "\(invoice.id):reorganisation:\(number)"
        let isRestored = number < invoice.reorganisationCount || invoice.status == .settled
        let states: [(PaymentFact.Refund.State, Bool)] =
            [(.succeeded, false)] + (isRestored ? [(.failed(reason: "the chain has taken the payment up again"), true)] : [])
        return states.flatMap { state, isBack in
            [
                fact(.refund(PaymentFact.Refund(refundID: nil, transaction: transaction, amount: capture.amount, state: state)), at: now),
                fact(
                    .reorganised(PaymentFact.Reorganisation(transaction: transaction, capture: capture, isRestored: isBack)),
                    at: now
                ),
            ]
        }
    }

    private func unclaimed(_ payments: [ChainPayment], _ reason: SuspenseReason) -> [PaymentFact] {
        payments.map { payment in
            fact(.unclaimed(PaymentFact.Capture(amount: payment.amount, transaction: payment.key), reason), at: payment.seenAt)
        }
    }

    private func fact(_ kind: PaymentFact.Kind, at occurredAt: Timestamp) -> PaymentFact {
        PaymentFact(
            provider: .crypto,
            subject: .charge(charge.id),
            kind: kind,
            occurredAt: occurredAt,
            providerReference: invoice.id
        )
    }
}
