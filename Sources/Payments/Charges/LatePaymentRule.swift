/// When a payment comes too late for its charge.
///
/// The time that counts is the bank's, not the callback's: money paid before the expiry and told after it still pays the charge. Late
/// money goes to suspense and to finance, because the goods may have been sold again.
package enum LatePaymentRule {
    /// Whether a payment made at `paidAt` misses the charge's end, which a provider may have told where the charge itself has none.
    ///
    /// With manual capture the customer did his part when he authorised; when the money is taken is our own choice.
    package static func isLate(paidAt: Timestamp, for charge: Charge) -> Bool {
        guard charge.order.capture == .automatic else { return false }
        guard let end = charge.order.expiresAt ?? (charge.status == .expired ? charge.lastFactAt : nil) else { return false }
        return paidAt > end
    }
}
