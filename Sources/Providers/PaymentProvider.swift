package import Payments

/// One payment provider: its wire formats translated to and from the core's values, without any input or output of its own.
///
/// The shell gives an operation a `send` closure for requests; retries, time-outs and the choice of when to ask again live in the shell.
package protocol PaymentProvider: Sendable {
    /// Which provider this is; also the last part of its webhook's address.
    var name: ProviderName { get }
    /// What it can do and within which limits.
    var profile: ProviderProfile { get }

    /// Whether the provider keeps an open payment that has to be closed there before the charge can expire here.
    var holdsPayments: Bool { get }

    /// Confirms that a webhook comes from the provider: signature over the raw bytes, and age.
    func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) -> WebhookVerdict

    /// Reads what a verified webhook says.
    ///
    /// - Throws: `InterpretationError` when the body is not what the provider documents; the event is kept and shown to operators.
    func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation

    /// The body of the answer to a webhook that was stored, now or before.
    func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement

    /// How a new charge begins: at once by our own means, or by a call to the provider.
    func begin(_ charge: Charge, random: inout any RandomNumberGenerator) -> ChargeBeginning

    /// Carries out an operation at the provider, or repeats it with the same idempotency key after an unknown outcome.
    func perform(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome
}

/// How a new charge begins.
package enum ChargeBeginning: Sendable, Hashable {
    /// Nothing has to be asked: the fact that starts the charge, with our own reference in it.
    case immediate(PaymentFact)
    /// The provider has to be called with `ProviderOperation.create`.
    case call
}

/// What can be asked of a provider.
package enum ProviderOperation: String, Sendable, Hashable, CaseIterable {
    /// Create the payment; repeated with the same idempotency key until the outcome is known.
    case create
    /// Close the payment because its time ran out; the answer may be that it was paid after all.
    case expire
    /// Only look how the payment stands.
    case fetch
}

/// What came of an operation.
package enum ProviderOutcome: Sendable, Hashable {
    /// The provider gave a definite answer.
    case facts([PaymentFact])
    /// The request may or may not have taken effect: ask again with the same key, not before `retryAfter`.
    case unknown(reason: String, retryAfter: Duration?)
    /// The provider certainly did nothing: repeat later, not before `retryAfter`.
    case notDone(reason: String, retryAfter: Duration?)
}
