/// How the customer pays.
package enum ChargeMethod: String, Sendable, Hashable, CaseIterable {
    case card
    case paypal
    case promptpay
    case crypto
    case wallet
}

/// When the money is taken.
package enum CaptureMode: String, Sendable, Hashable, CaseIterable {
    /// At once, with the authorisation.
    case automatic
    /// Later, on request, in part or whole.
    case manual
}
