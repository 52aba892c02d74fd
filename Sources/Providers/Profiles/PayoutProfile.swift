package import Payments

/// What a provider pays out, and within which limits.
package struct PayoutProfile: Sendable, Hashable {
    /// Least and most of one payment, by currency; a currency that is not here is refused.
    package let limits: [Asset: AmountLimits]

    /// Makes a profile.
    package init(limits: [Asset: AmountLimits]) {
        self.limits = limits
    }
}
