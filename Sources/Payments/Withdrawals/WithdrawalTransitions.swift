/// The one table of the withdrawal's state machine: from, fact, to.
///
/// What the provider tells only moves a withdrawal upwards (in transit, paid, failed), so the order in which it is told does not matter.
/// The graph in `docs/withdrawal-states.md` is drawn from this table.
package enum WithdrawalTransitions: TransitionTable {
    /// One edge of the graph.
    package typealias Transition = StateTransition<WithdrawalStatus, FactName>

    /// The facts that move a withdrawal, without what they carry.
    package enum FactName: String, Sendable, Hashable, CaseIterable {
        /// A second person agreed, or the amount is within the limit.
        case approved
        case rejected
        /// The provider has taken the order to pay.
        case inTransit = "in_transit"
        case paid
        /// The provider refused, the payment failed, or the money came back.
        case failed
    }

    /// How it begins.
    package static let beginning = "requires_approval: requested"

    /// Every edge; what is not here changes nothing.
    package static let table: [Transition] = [
        Transition(from: .requiresApproval, fact: .approved, to: .approved),
        Transition(from: .requiresApproval, fact: .rejected, to: .rejected),
        Transition(from: .approved, fact: .inTransit, to: .inTransit),
        Transition(from: .approved, fact: .paid, to: .paid),
        Transition(from: .approved, fact: .failed, to: .failed),
        Transition(from: .inTransit, fact: .paid, to: .paid),
        Transition(from: .inTransit, fact: .failed, to: .failed),
        Transition(from: .paid, fact: .failed, to: .failed),
    ]
}
