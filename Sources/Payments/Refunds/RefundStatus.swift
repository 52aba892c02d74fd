/// Where a refund stands, in the words of our interface.
package enum RefundStatus: String, Sendable, Hashable, CaseIterable {
    /// Asked for; the outcome is not known yet.
    case pending
    /// The customer has to tell the provider where the money shall go.
    case requiresAction = "requires_action"
    /// The provider has sent the money; the customer's bank may still send it back.
    case succeeded
    /// The customer got nothing.
    case failed
    /// It was taken back before it was carried out.
    case canceled

    /// Whether the provider has decided.
    var isOutcome: Bool {
        switch self {
        case .pending, .requiresAction: false
        case .succeeded, .failed, .canceled: true
        }
    }

    /// Whether its money counts as given back, or may still be.
    package var countsAgainstCharge: Bool {
        switch self {
        case .pending, .requiresAction, .succeeded: true
        case .failed, .canceled: false
        }
    }
}
