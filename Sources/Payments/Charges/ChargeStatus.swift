/// Where a charge stands, in the words of our interface.
package enum ChargeStatus: String, Sendable, Hashable, CaseIterable {
    /// The customer has to do something: scan a QR, pass 3-D Secure.
    case requiresAction = "requires_action"
    /// The outcome is not known yet.
    case processing
    /// The money is held and can be captured.
    case authorized
    /// The money was taken.
    case succeeded
    /// The attempt ended without money; a later attempt at the provider may still succeed.
    case failed
    /// The provider or we closed it before money was taken.
    case canceled
    /// Its time ran out before money was taken.
    case expired

    /// Whether the charge waits for an outcome and can still expire.
    package var isOpen: Bool {
        switch self {
        case .requiresAction, .processing, .authorized: true
        case .succeeded, .failed, .canceled, .expired: false
        }
    }
}
