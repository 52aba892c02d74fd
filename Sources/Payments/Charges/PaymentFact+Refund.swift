extension PaymentFact {
    /// How a refund stands at the provider; money moves when it has succeeded, and comes back when it fails after that.
    package struct Refund: Sendable, Hashable {
        /// Our own id, when the provider carries it for us.
        package let refundID: RefundID?
        /// The provider's name for the refund: the same in every event that tells of it.
        package let transaction: String
        /// What is given back; positive.
        package let amount: Amount
        package let state: State

        /// Describes a refund.
        package init(refundID: RefundID?, transaction: String, amount: Amount, state: State) {
            self.refundID = refundID
            self.transaction = transaction
            self.amount = amount
            self.state = state
        }

        /// How far it is.
        package enum State: Sendable, Hashable {
            case pending
            /// The customer has to tell where the money shall go.
            case requiresAction
            case succeeded
            /// The customer gets nothing; the reason is the provider's word.
            case failed(reason: String)
            /// It was taken back before it was carried out.
            case canceled
        }
    }

    /// A definite no to a refund that we asked for.
    package struct RefundRefusal: Sendable, Hashable {
        package let refundID: RefundID
        package let failure: ChargeFailure

        /// Describes a refusal.
        package init(refundID: RefundID, failure: ChargeFailure) {
            self.refundID = refundID
            self.failure = failure
        }
    }
}
