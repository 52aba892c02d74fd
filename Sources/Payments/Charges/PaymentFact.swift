/// Something a provider told us about a payment, in words that are the same for all providers.
///
/// Facts come from verified webhooks and from answers of the provider's API; they may come twice, late and in any order.
package struct PaymentFact: Sendable, Hashable {
    package let provider: ProviderName
    /// Which charge it speaks of.
    package let subject: Subject
    /// What happened.
    package let kind: Kind
    /// When it happened at the provider.
    package let occurredAt: Timestamp
    /// The provider's name for the payment, when the fact tells it.
    package let providerReference: String?

    /// Describes a fact.
    package init(provider: ProviderName, subject: Subject, kind: Kind, occurredAt: Timestamp, providerReference: String? = nil) {
        self.provider = provider
        self.subject = subject
        self.kind = kind
        self.occurredAt = occurredAt
        self.providerReference = providerReference
    }

    /// How a fact names its charge.
    package enum Subject: Sendable, Hashable {
        /// By our own id, which the provider carries for us.
        case charge(ChargeID)
        /// By the provider's name for the payment.
        case reference(String)
        /// By nothing but its amount: a QR without a reference, paid by exactly one open charge's amount.
        case amount(Amount)
        /// The provider names nothing that we could look up.
        case unknown
    }

    /// What happened.
    package enum Kind: Sendable, Hashable {
        case actionRequired(NextAction)
        case processing
        /// The amount is held and can be captured.
        case authorized(Amount)
        /// Money was taken.
        case captured(Capture)
        /// One attempt failed; another may follow.
        case attemptFailed(ChargeFailure)
        /// The provider closed the payment without money.
        case canceled
        /// The time given ran out, told by our clock or by the provider.
        case expired
        /// Money that came for the charge and must not pay it by itself: a part, too much, or too late.
        case unclaimed(Capture, SuspenseReason)
        /// A chain dropped a payment that had paid the charge, or took it up again.
        case reorganised(Reorganisation)
        /// How a refund stands at the provider.
        case refund(Refund)
        /// The provider refused to carry out a refund that we asked for; nothing has moved.
        case refundRefused(RefundRefusal)
        /// How a dispute stands; no money by itself.
        case dispute(Dispute)
        /// The provider took disputed money, or gave it back.
        case disputeFunds(DisputeFunds)
        /// What the provider kept for a movement.
        case fee(Fee)
        /// The provider's settlement to our bank.
        case payout(Payout)
    }

    /// A movement of money towards us.
    package struct Capture: Sendable, Hashable {
        /// What was received; positive.
        package let amount: Amount
        /// The provider's name for this movement: the same for every event that tells of it.
        package let transaction: String
        /// What arrived on the chain, when it was coins.
        package let coins: Coins?

        /// Describes a movement.
        package init(amount: Amount, transaction: String, coins: Coins? = nil) {
            self.amount = amount
            self.transaction = transaction
            self.coins = coins
        }
    }
}
