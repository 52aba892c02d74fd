package import Payments

/// What a provider can do and within which limits; read from `providers/<name>/profile.yaml`.
package struct ProviderProfile: Sendable, Hashable {
    package let name: ProviderName
    /// What it offers, by method.
    package let methods: [ChargeMethod: MethodProfile]

    /// Makes a profile.
    package init(name: ProviderName, methods: [ChargeMethod: MethodProfile]) {
        self.name = name
        self.methods = methods
    }
}

/// One method of a provider.
package struct MethodProfile: Sendable, Hashable {
    /// Least and most that may be charged, by currency; a currency that is not here is refused.
    package let limits: [Asset: AmountLimits]
    /// Whether the amount can be held first and taken later.
    package let allowsManualCapture: Bool
    /// How long a charge waits unless the caller says otherwise; nil means without end.
    package let expiresInDefault: Duration?
    /// The longest wait that a caller may ask for.
    package let expiresInMaximum: Duration

    /// Makes a method's profile.
    package init(
        limits: [Asset: AmountLimits],
        allowsManualCapture: Bool,
        expiresInDefault: Duration?,
        expiresInMaximum: Duration
    ) {
        self.limits = limits
        self.allowsManualCapture = allowsManualCapture
        self.expiresInDefault = expiresInDefault
        self.expiresInMaximum = expiresInMaximum
    }
}

/// Least and most of one currency, both included.
package struct AmountLimits: Sendable, Hashable {
    package let minimum: Amount
    package let maximum: Amount

    /// Makes limits of one currency.
    package init(minimum: Amount, maximum: Amount) {
        self.minimum = minimum
        self.maximum = maximum
    }
}
