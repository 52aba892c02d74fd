/// When a payment comes too late for its charge.
///
/// The time that counts is the bank's, not the callback's: money paid before the expiry and told after it still pays the charge. Late
/// money goes to suspense and to finance, because the goods may have been sold again.
package enum LatePaymentRule {
    /// Whether a payment made at `paidAt` misses a charge that waits until `expiresAt`.
    ///
    /// An authorisation in hand is never late: the customer kept the deadline.
    package static func isLate(paidAt: Timestamp, expiresAt: Timestamp?, status: ChargeStatus) -> Bool {
        guard let expiresAt, status != .authorized else { return status == .expired }
        return paidAt > expiresAt
    }
}
