/// A customer's objection to a payment, and the money that it moved.
package struct Dispute: Sendable, Hashable {
    package let id: DisputeID
    /// The charge it belongs to; nil when the provider names none that we know.
    package var chargeID: ChargeID?
    /// The provider's name for the payment that it belongs to, where that named no charge that we knew.
    package var paymentReference: String?
    package let provider: ProviderName
    /// The provider's name for it.
    package let providerReference: String
    /// What is disputed, which may be less than was paid.
    package var amount: Amount
    package var status: DisputeStatus
    /// The provider's word for what the customer claims.
    package var reason: String?
    /// Until when an answer is taken.
    package var respondBy: Timestamp?
    /// What the provider has taken and not given back, without fees; negative while only the return has been told.
    package var amountWithdrawn: Amount
    /// How much of that was written off because the dispute was lost.
    package var amountWrittenOff: Amount
    /// When the newest fact that moved the status happened at the provider.
    package var lastFactAt: Timestamp
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Grows by one with each change; begins at 1.
    package var version: Int64

    /// A dispute of which nothing but its amount is known.
    package init(
        id: DisputeID,
        chargeID: ChargeID?,
        provider: ProviderName,
        providerReference: String,
        amount: Amount,
        createdAt: Timestamp
    ) {
        self.id = id
        self.chargeID = chargeID
        self.provider = provider
        self.providerReference = providerReference
        self.amount = amount
        status = .inquiry
        amountWithdrawn = .zero(amount.asset)
        amountWrittenOff = .zero(amount.asset)
        lastFactAt = Timestamp(microseconds: .min)
        self.createdAt = createdAt
        updatedAt = createdAt
        version = 1
    }
}
