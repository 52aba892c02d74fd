/// Why a charge failed, in our words and in the provider's.
package struct ChargeFailure: Sendable, Hashable {
    /// Our stable code, for example `card_declined`.
    package let code: String
    /// A sentence that may be shown to the customer.
    package let message: String
    /// The provider's own code, for people who look into it.
    package let providerCode: String?
    /// Whether another try with the same means can make sense.
    package let isRetryable: Bool

    /// Describes a failure.
    package init(code: String, message: String, providerCode: String? = nil, isRetryable: Bool) {
        self.code = code
        self.message = message
        self.providerCode = providerCode
        self.isRetryable = isRetryable
    }
}
