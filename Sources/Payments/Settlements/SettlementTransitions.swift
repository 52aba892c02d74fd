/// The one table of the settlement's state machine: from, fact, to.
///
/// Facts only move a settlement upwards (pending, in transit, paid, failed or canceled), so the order in which they arrive does not matter.
/// The graph in `docs/settlement-states.md` is drawn from this table; the facts have the names of `PaymentFact.Payout.State`.
package enum SettlementTransitions {
    /// One edge of the graph.
    package struct Transition: Sendable, Hashable {
        package let from: SettlementStatus
        package let to: SettlementStatus
    }

    /// Every edge; what is not here changes nothing.
    package static let table: [Transition] = [
        Transition(from: .pending, to: .inTransit),
        Transition(from: .pending, to: .paid),
        Transition(from: .pending, to: .failed),
        Transition(from: .pending, to: .canceled),
        Transition(from: .inTransit, to: .paid),
        Transition(from: .inTransit, to: .failed),
        Transition(from: .inTransit, to: .canceled),
        Transition(from: .paid, to: .failed),
        Transition(from: .paid, to: .canceled),
        Transition(from: .canceled, to: .failed),
    ]

    /// Whether a settlement at `status` can be moved to `next`.
    package static func leads(from status: SettlementStatus, to next: SettlementStatus) -> Bool {
        table.contains(Transition(from: status, to: next))
    }

    /// The graph as a Mermaid state diagram, for the documentation.
    package static var diagram: String {
        let edges = table.map { "    \($0.from.rawValue) --> \($0.to.rawValue)" }
        return (["stateDiagram-v2", "    [*] --> pending: told"] + edges).joined(separator: "\n") + "\n"
    }
}
