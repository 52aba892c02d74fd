/// Money that goes back to a customer, and how far it is.
///
/// Refunds that were made by hand at the provider become known by its facts and are kept beside our own.
package struct Refund: Sendable, Hashable {
    package let id: RefundID
    /// The charge it belongs to; nil when the provider names none that we know.
    package var chargeID: ChargeID?
    /// The provider's name for the payment that it belongs to, where that named no charge that we knew.
    package var paymentReference: String?
    package let provider: ProviderName
    /// What is given back, as the provider tells it once it has; positive.
    package var amount: Amount
    /// What the order core said about it, if anything.
    package let reason: String?
    /// The provider's name for it; nil until the provider has answered.
    package var providerReference: String?
    package var status: RefundStatus
    /// Why it failed, while the status says so.
    package var failure: ChargeFailure?
    /// When the newest fact that moved the status happened at the provider; older progress is ignored.
    package var lastFactAt: Timestamp
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Grows by one with each change; begins at 1.
    package var version: Int64

    /// A refund that the provider has not answered for yet.
    package init(
        id: RefundID,
        chargeID: ChargeID?,
        provider: ProviderName,
        amount: Amount,
        reason: String? = nil,
        providerReference: String? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.chargeID = chargeID
        self.provider = provider
        self.amount = amount
        self.reason = reason
        self.providerReference = providerReference
        status = .pending
        lastFactAt = Timestamp(microseconds: .min)
        self.createdAt = createdAt
        updatedAt = createdAt
        version = 1
    }
}
