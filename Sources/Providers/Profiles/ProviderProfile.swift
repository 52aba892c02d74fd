package import Payments

/// What a provider can do and within which limits; read from `providers/<name>/profile.yaml`.
package struct ProviderProfile: Sendable, Hashable {
    package let name: ProviderName
    /// What it offers, by method.
    package let methods: [ChargeMethod: MethodProfile]
    /// What it keeps of a payment, unless the method says otherwise; nil in a profile that was not read from a file.
    package let fees: FeeSchedule?
    /// What it pays out to customers; nil where it does not.
    package let payouts: PayoutProfile?
    /// When its money reaches our bank; nil in a profile that was not read from a file.
    package let settlement: SettlementTerms?

    /// Makes a profile.
    package init(
        name: ProviderName,
        methods: [ChargeMethod: MethodProfile],
        fees: FeeSchedule? = nil,
        settlement: SettlementTerms? = nil,
        payouts: PayoutProfile? = nil
    ) {
        self.name = name
        self.methods = methods
        self.fees = fees
        self.settlement = settlement
        self.payouts = payouts
    }

    /// What it keeps of a payment by a method.
    package func fees(of method: ChargeMethod) -> FeeSchedule? { methods[method]?.fees ?? fees }
}

/// One method of a provider.
package struct MethodProfile: Sendable, Hashable {
    /// Least and most that may be charged, by currency; a currency that is not here is refused.
    package let limits: [Asset: AmountLimits]
    /// Whether the amount can be held first and taken later.
    package let allowsManualCapture: Bool
    /// Whether less than the amount that is held can be taken.
    package let allowsPartialCapture: Bool
    /// Whether money can be given back on request.
    package let refunds: RefundSupport
    /// Whether a charge that is not paid can be closed on request.
    package let allowsCancel: Bool
    /// How long a charge waits unless the caller says otherwise; nil means without end.
    package let expiresInDefault: Duration?
    /// The longest wait that a caller may ask for.
    package let expiresInMaximum: Duration
    /// What the provider keeps of a payment by this method, where that is not what it keeps of others.
    package let fees: FeeSchedule?

    /// Makes a method's profile.
    package init(
        limits: [Asset: AmountLimits],
        allowsManualCapture: Bool,
        allowsPartialCapture: Bool = false,
        refunds: RefundSupport = .none,
        allowsCancel: Bool = true,
        expiresInDefault: Duration?,
        expiresInMaximum: Duration,
        fees: FeeSchedule? = nil
    ) {
        self.limits = limits
        self.allowsManualCapture = allowsManualCapture
        self.allowsPartialCapture = allowsPartialCapture
        self.refunds = refunds
        self.allowsCancel = allowsCancel
        self.expiresInDefault = expiresInDefault
        self.expiresInMaximum = expiresInMaximum
        self.fees = fees
    }
}

/// How much of a payment a provider gives back on request.
package enum RefundSupport: String, Sendable, Hashable, CaseIterable {
    case none
    /// All of it or nothing.
    case whole
    /// Any part, several times.
    case partial
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
