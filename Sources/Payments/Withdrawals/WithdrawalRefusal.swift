/// Why a withdrawal cannot be asked for or decided, in the words of the interface.
package enum WithdrawalRefusal: String, Error, Sendable, CaseIterable {
    /// There is no such withdrawal.
    case notFound = "not_found"
    /// Whoever asked for it cannot decide about it.
    case secondPersonRequired = "second_person_required"
    /// Somebody decided before, or its amount needs no decision.
    case alreadyDecided = "already_decided"
    /// The money is not on its way, so it cannot be called back.
    case notCancelable = "withdrawal_not_cancelable"
    /// The destination is of no form that is known.
    case invalidDestination = "invalid_destination"
    /// Nobody here can pay to this kind of destination.
    case destinationNotSupported = "destination_not_supported"
    /// Nothing is paid to this destination in the wallet's currency.
    case currencyNotSupported = "currency_not_supported"
    case amountTooSmall = "amount_too_small"
    case amountTooLarge = "amount_too_large"
}
