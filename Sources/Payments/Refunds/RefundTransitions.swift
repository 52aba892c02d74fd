/// The one table of the refund's state machine: from, fact, to.
///
/// Outcomes only move upwards (progress, succeeded, failed or canceled), so the order in which facts arrive does not matter. Money moves on
/// the way into `succeeded` and comes back on the way out of it. The graph in `docs/refund-states.md` is drawn from this table.
package enum RefundTransitions: TransitionTable {
    /// One edge of the graph.
    package typealias Transition = StateTransition<RefundStatus, FactName>

    /// The facts that move a refund, without what they carry.
    package enum FactName: String, Sendable, Hashable, CaseIterable {
        case pending
        case actionRequired = "action_required"
        case succeeded
        case failed
        case canceled
        /// The provider refused to begin.
        case refused
    }

    /// How it begins.
    package static let beginning = "pending: requested"

    /// Every edge; what is not here changes nothing.
    package static let table: [Transition] = [
        Transition(from: .pending, fact: .actionRequired, to: .requiresAction),
        Transition(from: .pending, fact: .succeeded, to: .succeeded),
        Transition(from: .pending, fact: .failed, to: .failed),
        Transition(from: .pending, fact: .canceled, to: .canceled),
        Transition(from: .pending, fact: .refused, to: .failed),
        Transition(from: .requiresAction, fact: .pending, to: .pending),
        Transition(from: .requiresAction, fact: .succeeded, to: .succeeded),
        Transition(from: .requiresAction, fact: .failed, to: .failed),
        Transition(from: .requiresAction, fact: .canceled, to: .canceled),
        Transition(from: .succeeded, fact: .failed, to: .failed),
        Transition(from: .succeeded, fact: .canceled, to: .canceled),
        Transition(from: .canceled, fact: .failed, to: .failed),
    ]

    /// Whether a fact is no outcome, and so counts only when it is newer than what is known.
    static func isProgress(_ fact: FactName) -> Bool {
        fact == .pending || fact == .actionRequired
    }
}
