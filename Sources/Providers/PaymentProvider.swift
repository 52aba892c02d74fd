package import Payments

/// One payment provider: its wire formats translated to and from the core's values, without any input or output of its own.
///
/// The shell gives an operation a `send` closure for requests; retries, time-outs and the choice of when to ask again live in the shell.
package protocol PaymentProvider: Sendable {
    /// Which provider this is; also the last part of its webhook's address.
    var name: ProviderName { get }
    /// What it can do and within which limits.
    var profile: ProviderProfile { get }

    /// The event types that we act on, in the provider's words and in order; all of them have to be enabled for our webhook there.
    var webhookEventTypes: [String] { get }

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

    /// How long after its creation an open charge is looked at by itself, because nobody may have told of its payment; nil where the
    /// provider tells until it is heard, or cannot be asked. Later looks follow from `ProviderOutcome.open`.
    var firstLook: Duration? { get }

    /// How a new charge begins: at once by our own means, or by a call to the provider.
    func begin(_ charge: Charge, random: inout any RandomNumberGenerator) -> ChargeBeginning

    /// Carries out an operation at the provider, or repeats it with the same idempotency key after an unknown outcome.
    func perform(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome
}

extension PaymentProvider {
    /// No webhooks.
    package var webhookEventTypes: [String] { [] }

    /// The provider tells until it is heard.
    package var firstLook: Duration? { nil }
}

/// How a new charge begins.
package enum ChargeBeginning: Sendable, Hashable {
    /// Nothing has to be asked: the fact that starts the charge, with our own reference in it.
    case immediate(PaymentFact)
    /// The provider has to be called with `ProviderOperation.create`.
    case call
}

/// What can be asked of a provider.
package enum ProviderOperation: Sendable, Hashable {
    /// Create the payment; repeated with the same idempotency key until the outcome is known.
    case create
    /// Close the payment because its time ran out; the answer may be that it was paid after all.
    case expire
    /// Only look how the payment stands.
    case fetch
    /// Take part or all of an authorisation; the rest is released.
    case capture(Amount)
    /// Close the payment without money; the answer may be that it was paid after all.
    case cancel
    /// Give money back; the refund's id is the base of the idempotency key.
    case refund(Refund)

    /// What distinguishes the operation among those of its charge: `create`, `capture`, `refund:re_…`.
    package var name: String {
        switch self {
        case .refund(let refund): "\(kind):\(refund.id)"
        default: kind
        }
    }

    /// The operation without what it carries, for logs and counters.
    package var kind: String {
        switch self {
        case .create: "create"
        case .expire: "expire"
        case .fetch: "fetch"
        case .capture: "capture"
        case .cancel: "cancel"
        case .refund: "refund"
        }
    }
}

/// What came of an operation.
package enum ProviderOutcome: Sendable, Hashable {
    /// The provider gave a definite answer.
    case facts([PaymentFact])
    /// Nothing has happened as yet, and something still may: look again after this time.
    case open(askAgainAfter: Duration)
    /// A definite no to a capture, a cancellation or a refund: nothing has happened, and the charge stands as before.
    case refused(reason: ChargeFailure)
    /// The request may or may not have taken effect: ask again with the same key, not before `retryAfter`.
    case unknown(reason: String, retryAfter: Duration?)
    /// The provider certainly did nothing: repeat later, not before `retryAfter`.
    case notDone(reason: String, retryAfter: Duration?)
}
