extension PaymentFact {
    /// What the provider kept for a movement.
    package struct Fee: Sendable, Hashable {
        /// The provider's name for the movement or its balance transaction: the same for every event that tells of it.
        package let transaction: String
        /// What it cost; negative when the provider gave some of an earlier fee back.
        package let amount: Amount

        /// Describes a fee.
        package init(transaction: String, amount: Amount) {
            self.transaction = transaction
            self.amount = amount
        }
    }

    /// The provider's settlement to our bank.
    package struct Payout: Sendable, Hashable {
        /// The provider's name for it: the same in every event that tells of it.
        package let payout: String
        /// What is sent to us; positive.
        package let amount: Amount
        package let state: State

        /// Describes a settlement.
        package init(payout: String, amount: Amount, state: State) {
            self.payout = payout
            self.amount = amount
            self.state = state
        }

        /// How far it is.
        package enum State: String, Sendable, Hashable, CaseIterable {
            case pending
            case inTransit
            case paid
            /// The bank sent it back, which may happen days after it was paid.
            case failed
            case canceled
        }
    }
}
