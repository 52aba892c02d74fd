package import Payments

/// A provider whose events only point at something, because nobody signs them or because their signature does not protect the body: what
/// is true has to be asked for at its API before money moves.
package protocol InquiringProvider: PaymentProvider {
    /// Asks how the object of a stored event stands, and does what the event calls for, such as to capture an approved order.
    ///
    /// The facts come from the answers alone. `charge` is the one that the event names, if it is ours; the answers may name another.
    /// A refusal means that the provider knows no such object: the event is set aside for people. It may run twice for one event.
    func inquire(_ object: EventObject, for charge: Charge?, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome
}

/// What an event points at.
package struct EventObject: Sendable, Hashable {
    /// Which charge it seems to be about.
    package let subject: PaymentFact.Subject
    /// What sort of thing it is, in the provider's words.
    package let kind: String
    /// The provider's id of it.
    package let id: String

    /// Names an object.
    package init(subject: PaymentFact.Subject, kind: String, id: String) {
        self.subject = subject
        self.kind = kind
        self.id = id
    }
}
