/// What follows from one fact: the new state, the entries, the notifications and the exceptions, all written in one commit.
package struct Decision: Sendable, Hashable {
    /// How the fact was taken.
    package let effect: Effect
    /// The charge after the fact; nil when there is none or nothing about it changed.
    package var charge: Charge?
    /// The refund after the fact, new or changed.
    package var refund: Refund?
    /// The dispute after the fact, new or changed.
    package var dispute: Dispute?
    /// The settlement after the fact, new or changed.
    package var settlement: Settlement?
    package var entries: [JournalEntry] = []
    package var notifications: [OrderCoreNotification] = []
    package var exceptions: [PaymentException] = []
    /// Exceptions that are none any more.
    package var resolutions: [ExceptionResolution] = []
    /// What follows for refunds and disputes whose charge has become known, in order, after everything else.
    package var adoptions: [Decision] = []

    /// How a fact was taken.
    package enum Effect: Sendable, Hashable {
        /// It changed the charge.
        case applied
        /// It says nothing new.
        case alreadyKnown
        /// Its money was booked to suspense and shown to finance.
        case suspended(SuspenseReason)
    }

    /// Leaves out what is booked already, with everything that was to follow from booking it.
    ///
    /// Money in suspense and reorganisations come in several entries of which some may be known; a charge takes its money once.
    mutating func drop(_ booked: Set<EntryCause>) {
        guard entries.contains(where: { booked.contains($0.cause) }) else { return }
        guard charge == nil else { return self = .alreadyKnown }
        entries.removeAll { booked.contains($0.cause) }
        exceptions.removeAll { booked.contains($0.cause) }
        notifications.removeAll { booked.contains(EntryCause($0.cause)) }
        if entries.isEmpty { self = .alreadyKnown }
    }

    /// Nothing follows.
    package static let alreadyKnown = Decision(effect: .alreadyKnown)
}

/// Why money did not reach a charge, or why what left it needs a look.
package enum SuspenseReason: String, Sendable, Hashable, CaseIterable {
    /// No charge is known for it.
    case unknownCharge = "unknown_charge"
    /// Several open charges could be meant.
    case ambiguous
    /// It was paid after the charge had expired.
    case late
    /// The charge had been closed before.
    case chargeClosed = "charge_closed"
    /// The charge was paid already, by another movement.
    case duplicatePayment = "duplicate_payment"
    /// Less than was asked for, or more than a manual capture may take.
    case amountMismatch = "amount_mismatch"
    /// What came beyond the charge's amount; the charge itself is paid.
    case overpaid
    /// Another currency than was asked for.
    case currencyMismatch = "currency_mismatch"
    /// A chain dropped the payment after it had been confirmed and captured.
    case reorganised
    /// A withdrawal came back when its wallet had been closed.
    case walletClosed = "wallet_closed"
    /// More went back than was captured.
    case returnsExceedCapture = "returns_exceed_capture"
}
