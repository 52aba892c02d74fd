/// How the payment that carries a withdrawal out stands, as its provider's API tells it; the same for all providers.
///
/// Facts may come twice, late and in any order.
package struct PayoutFact: Sendable, Hashable {
    /// The provider's name for the payment; nil when it has none.
    package let reference: String?
    package let state: State
    /// What the provider keeps for it; nil for nothing, or when it is not told.
    package let fee: Amount?
    /// When it came to stand so.
    package let occurredAt: Timestamp

    /// Describes a payment.
    package init(reference: String?, state: State, fee: Amount? = nil, occurredAt: Timestamp) {
        self.reference = reference
        self.state = state
        self.fee = fee
        self.occurredAt = occurredAt
    }

    /// How far it is.
    package enum State: Sendable, Hashable {
        /// The provider has the order, or has sent money that nobody has claimed.
        case inTransit
        /// The receiver has the money.
        case paid
        /// The receiver has nothing, or nothing any more, and we have the money again.
        case failed(ChargeFailure)
    }
}

extension PayoutFact.State {
    var name: WithdrawalTransitions.FactName {
        switch self {
        case .inTransit: .inTransit
        case .paid: .paid
        case .failed: .failed
        }
    }
}
