/// What follows from one fact: the new state, the entries, the notifications and the exceptions, all written in one commit.
package struct Decision: Sendable, Hashable {
    /// How the fact was taken.
    package let effect: Effect
    /// The charge after the fact; nil when there is none or nothing about it changed.
    package var charge: Charge?
    package var entries: [JournalEntry] = []
    package var notifications: [OrderCoreNotification] = []
    package var exceptions: [PaymentException] = []

    /// How a fact was taken.
    package enum Effect: Sendable, Hashable {
        /// It changed the charge.
        case applied
        /// It says nothing new.
        case alreadyKnown
        /// Its money was booked to suspense and shown to finance.
        case suspended(SuspenseReason)
    }

    /// Nothing follows.
    package static let alreadyKnown = Decision(effect: .alreadyKnown)
}

/// Why money did not reach a charge.
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
    /// More or less than was asked for.
    case amountMismatch = "amount_mismatch"
    /// Another currency than was asked for.
    case currencyMismatch = "currency_mismatch"
}
