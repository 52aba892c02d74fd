package import Payments

/// How an invoice stands, judged from the payments on the chain and the time alone.
///
/// Events only say that there is something to look at: whatever order they come in, the same chain at the same time is the same standing.
/// A payment that was replaced, dropped or reorganised away is not among the payments any more.
package struct InvoiceStanding: Sendable, Hashable {
    package let status: Status
    package let detail: Detail?

    /// Where an invoice stands.
    package enum Status: String, Sendable, Hashable, CaseIterable {
        /// It waits, perhaps with a part of the money.
        case pending
        /// The whole was seen in time and lacks confirmations.
        case seen
        /// The whole was seen in time and is confirmed.
        case settled
        /// The whole was not seen in time.
        case expired
        /// The whole was seen in time and was not confirmed while it was watched.
        case invalid
    }

    /// What else is to be known.
    package enum Detail: String, Sendable, Hashable, CaseIterable {
        case paidPartial = "paid_partial"
        case paidOver = "paid_over"
        case paidLate = "paid_late"
        /// A person at the processor said so.
        case marked
    }

    init(_ status: Status, _ detail: Detail? = nil) {
        self.status = status
        self.detail = detail
    }

    /// Judges; payments that come twice count once, by their key.
    package init(of payments: [ChainPayment], terms: InvoiceTerms, at now: Timestamp) {
        let payments = ChainPayment.distinct(payments)
        let inTime = payments.filter { $0.seenAt <= terms.expiresAt }
        let confirmed = inTime.filter { $0.confirmations >= terms.confirmationsNeeded }
        let isOver = now >= terms.expiresAt
        let over: Detail? = ChainPayment.sum(payments) > terms.due.minorUnits ? .paidOver : nil
        if ChainPayment.sum(confirmed) >= terms.enough {
            self.init(.settled, over)
        } else if ChainPayment.sum(inTime) >= terms.enough {
            self = now >= terms.monitoredUntil ? InvoiceStanding(.invalid) : InvoiceStanding(.seen, over)
        } else if ChainPayment.sum(payments) >= terms.enough {
            self.init(isOver ? .expired : .pending, .paidLate)
        } else {
            self.init(isOver ? .expired : .pending, payments.isEmpty ? nil : .paidPartial)
        }
    }
}

extension ChainPayment {
    /// Each payment once, in the order in which they were seen; of two with one key the better confirmed one counts.
    static func distinct(_ payments: [ChainPayment]) -> [ChainPayment] {
        Dictionary(payments.map { ($0.key, $0) }) { first, second in second.confirmations > first.confirmations ? second : first }
            .values.sorted { ($0.seenAt, $0.key) < ($1.seenAt, $1.key) }
    }

    /// The sum in smallest units; what does not fit 128 bits counts as the most that does.
    static func sum(_ payments: [ChainPayment]) -> Int128 {
        payments.reduce(0) { sum, payment in
            let (total, overflow) = sum.addingReportingOverflow(payment.amount.minorUnits)
            return overflow ? .max : total
        }
    }
}
