extension PaymentFact {
    /// The coins behind a capture: what arrived on the chain, and what it was worth by the quote.
    package struct Coins: Sendable, Hashable {
        /// The payments in the order in which they were seen, all of one asset.
        package let payments: [CoinPayment]
        /// What had to be sent for the capture's amount.
        package let due: Amount
        /// The locked rate between the two; nil when the charge is priced in the coin.
        package let rate: ExchangeRate?

        /// Describes what arrived.
        package init(payments: [CoinPayment], due: Amount, rate: ExchangeRate?) {
            self.payments = payments
            self.due = due
            self.rate = rate
        }

        /// Everything that arrived; what does not fit 128 bits counts as the most that does.
        package var received: Amount {
            let sum = payments.reduce(Int128(0)) { sum, payment in
                let (total, overflow) = sum.addingReportingOverflow(payment.amount.minorUnits)
                return overflow ? .max : total
            }
            return Amount(minorUnits: sum, asset: due.asset)
        }
    }

    /// One payment on a chain.
    package struct CoinPayment: Sendable, Hashable {
        /// Network, transaction and output: the same in every telling.
        package let transaction: String
        package let amount: Amount

        /// Describes a payment.
        package init(transaction: String, amount: Amount) {
            self.transaction = transaction
            self.amount = amount
        }
    }

    /// A chain that dropped a payment which had been confirmed and captured, or took it up again after that.
    ///
    /// The money itself is told by a refund without an id of ours, and by that refund's failure when it comes back.
    package struct Reorganisation: Sendable, Hashable {
        /// The provider's name for the refund that tells the same.
        package let transaction: String
        package let capture: Capture
        /// Whether the payment is on the chain again.
        package let isRestored: Bool

        /// Describes a reorganisation.
        package init(transaction: String, capture: Capture, isRestored: Bool) {
            self.transaction = transaction
            self.capture = capture
            self.isRestored = isRestored
        }
    }
}

extension PaymentFact.Capture {
    /// One payment on a chain as a movement of its own.
    init(_ payment: PaymentFact.CoinPayment) {
        self.init(amount: payment.amount, transaction: payment.transaction)
    }
}
