extension PaymentFact {
    /// How a dispute stands; no money by itself.
    package struct Dispute: Sendable, Hashable {
        /// The provider's name for the dispute: the same in every event that tells of it.
        package let dispute: String
        /// What is disputed, which may be less than was paid; positive.
        package let amount: Amount
        package let stage: Stage
        /// The provider's word for what the customer claims.
        package let reason: String?
        /// Until when an answer is taken.
        package let respondBy: Timestamp?

        /// Describes a dispute.
        package init(dispute: String, amount: Amount, stage: Stage, reason: String?, respondBy: Timestamp?) {
            self.dispute = dispute
            self.amount = amount
            self.stage = stage
            self.reason = reason
            self.respondBy = respondBy
        }

        /// How far it is.
        package enum Stage: String, Sendable, Hashable, CaseIterable {
            /// The bank only asks.
            case inquiry
            /// An answer is awaited from us.
            case opened
            case underReview
            /// Decided for us.
            case won
            /// Decided for the customer.
            case lost
            /// Over without a decision on money, as an inquiry that went no further.
            case closed
        }
    }

    /// Disputed money that the provider took, or gave back.
    package struct DisputeFunds: Sendable, Hashable {
        /// The provider's name for the dispute.
        package let dispute: String
        /// The provider's name for this movement: the same for every event that tells of it.
        package let transaction: String
        /// What moved; positive.
        package let amount: Amount
        /// What the provider kept for it, or gave back with it; positive.
        package let fee: Amount?
        package let direction: Direction

        /// Describes a movement.
        package init(dispute: String, transaction: String, amount: Amount, fee: Amount?, direction: Direction) {
            self.dispute = dispute
            self.transaction = transaction
            self.amount = amount
            self.fee = fee
            self.direction = direction
        }

        /// Which way the money went.
        package enum Direction: String, Sendable, Hashable, CaseIterable {
            case withdrawn
            case reinstated
        }
    }
}
