/// A payment that finance has to look at.
package struct PaymentException: Sendable, Hashable {
    /// The ledger entry that holds the money.
    package let cause: EntryCause
    package let reason: SuspenseReason
    package let provider: ProviderName
    /// The provider's name for the movement.
    package let transaction: String
    package let amount: Amount
    /// The charge it was meant for, if one is known.
    package let chargeID: ChargeID?
    /// When the money moved.
    package let occurredAt: Timestamp
}
