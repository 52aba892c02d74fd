package import Payments

/// A provider that can also pay money out, for customers' withdrawals.
package protocol PayoutProvider: PaymentProvider {
    /// Orders the payment of an approved withdrawal, or repeats the order after an unknown outcome.
    ///
    /// The provider tells by the withdrawal's id that a repetition is one. It may run again after it was answered.
    func sendPayout(of withdrawal: Withdrawal, at now: Timestamp, send: ProviderSend) async -> PayoutOutcome

    /// Looks how the payment of a withdrawal stands that was sent.
    func fetchPayout(of withdrawal: Withdrawal, at now: Timestamp, send: ProviderSend) async -> PayoutOutcome

    /// Takes the payment of a withdrawal back where the provider still can, and tells how it stands after that; never `refused`.
    func cancelPayout(of withdrawal: Withdrawal, at now: Timestamp, send: ProviderSend) async -> PayoutOutcome
}

/// What came of sending a payout, or of looking for it.
package enum PayoutOutcome: Sendable, Hashable {
    /// The provider gave a definite answer; it has to be looked at again after a time, where the end is not reached.
    case told(PayoutFact, lookAgainAfter: Duration?)
    /// A definite no to the order: no money moves.
    case refused(reason: ChargeFailure)
    /// The order may or may not have been taken, or nothing could be learned: ask again, not before `retryAfter`.
    case unknown(reason: String, retryAfter: Duration?)
    /// The provider certainly did nothing: repeat later, not before `retryAfter`.
    case notDone(reason: String, retryAfter: Duration?)
}
