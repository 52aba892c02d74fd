import Payments
package import Storage

/// A charge that is about to begin, with everything that becomes durable before anybody is asked or answered.
package struct ChargeIntent: Sendable {
    let charge: Charge
    let notifications: [OrderCoreNotification]
    let idempotency: IdempotentRequest
    /// The answer, when it is certain already.
    let answer: KeptAnswer?
    /// The provider call that is to follow, claimed by this process.
    let call: ProviderCall?
    /// The look at the charge that comes by itself, for a provider that may not tell.
    let look: ProviderCall?
}

/// What came of storing an intent.
package enum IntentResult: Sendable {
    case created
    /// The idempotency key was used before.
    case existing(IdempotencyRecord)
}
