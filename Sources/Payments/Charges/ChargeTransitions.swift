/// The one table of the charge's state machine: from, fact, to.
///
/// The statuses form an order in which facts only move upwards (progress, failed, authorised, expired, canceled, succeeded), so the order
/// in which facts arrive does not matter. Progress itself goes back and forth: there the provider's time decides. The graph in
/// `docs/charge-states.md` is drawn from this table.
package enum ChargeTransitions: TransitionTable {
    /// One edge of the graph.
    package typealias Transition = StateTransition<ChargeStatus, FactName>

    /// The facts that move a charge, without what they carry.
    package enum FactName: String, Sendable, Hashable, CaseIterable {
        case actionRequired = "action_required"
        case processing
        case authorized
        case captured
        /// Captured, and paid before the charge was closed although told after.
        case capturedInTime = "captured_in_time"
        case attemptFailed = "attempt_failed"
        case canceled
        case expired
    }

    /// How it begins.
    package static let beginning = "processing: created"

    /// Every edge; what is not here changes nothing.
    package static let table: [Transition] = [
        Transition(from: .processing, fact: .actionRequired, to: .requiresAction),
        Transition(from: .processing, fact: .authorized, to: .authorized),
        Transition(from: .processing, fact: .captured, to: .succeeded),
        Transition(from: .processing, fact: .attemptFailed, to: .failed),
        Transition(from: .processing, fact: .canceled, to: .canceled),
        Transition(from: .processing, fact: .expired, to: .expired),
        Transition(from: .requiresAction, fact: .processing, to: .processing),
        Transition(from: .requiresAction, fact: .authorized, to: .authorized),
        Transition(from: .requiresAction, fact: .captured, to: .succeeded),
        Transition(from: .requiresAction, fact: .attemptFailed, to: .failed),
        Transition(from: .requiresAction, fact: .canceled, to: .canceled),
        Transition(from: .requiresAction, fact: .expired, to: .expired),
        Transition(from: .failed, fact: .authorized, to: .authorized),
        Transition(from: .failed, fact: .captured, to: .succeeded),
        Transition(from: .failed, fact: .canceled, to: .canceled),
        Transition(from: .failed, fact: .expired, to: .expired),
        Transition(from: .authorized, fact: .captured, to: .succeeded),
        Transition(from: .authorized, fact: .canceled, to: .canceled),
        Transition(from: .authorized, fact: .expired, to: .expired),
        Transition(from: .expired, fact: .canceled, to: .canceled),
        Transition(from: .expired, fact: .capturedInTime, to: .succeeded),
        Transition(from: .canceled, fact: .capturedInTime, to: .succeeded),
    ]
}
