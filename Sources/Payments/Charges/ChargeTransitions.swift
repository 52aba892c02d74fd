/// The one table of the charge's state machine: from, fact, to.
///
/// The statuses form an order in which facts only move upwards (progress, failed, authorised, canceled or expired, succeeded), so the
/// order in which facts arrive does not matter. The graph in `docs/charge-states.md` is drawn from this table.
package enum ChargeTransitions {
    /// One edge of the graph.
    package struct Transition: Sendable, Hashable {
        package let from: ChargeStatus
        package let fact: FactName
        package let to: ChargeStatus
    }

    /// The facts that move a charge, without what they carry.
    package enum FactName: String, Sendable, Hashable, CaseIterable {
        case actionRequired = "action_required"
        case processing
        case authorized
        case captured
        /// Captured, and paid before the charge's time ran out although told after.
        case capturedInTime = "captured_in_time"
        case attemptFailed = "attempt_failed"
        case canceled
        case expired
    }

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
        Transition(from: .authorized, fact: .captured, to: .succeeded),
        Transition(from: .authorized, fact: .canceled, to: .canceled),
        Transition(from: .authorized, fact: .expired, to: .expired),
        Transition(from: .expired, fact: .capturedInTime, to: .succeeded),
    ]

    /// Where `fact` leads from `status`; nil when it changes nothing.
    package static func destination(from status: ChargeStatus, by fact: FactName) -> ChargeStatus? {
        destinations[Edge(from: status, fact: fact)]
    }

    private struct Edge: Hashable {
        let from: ChargeStatus
        let fact: FactName
    }

    private static let destinations = Dictionary(uniqueKeysWithValues: table.map { (Edge(from: $0.from, fact: $0.fact), $0.to) })

    /// The graph as a Mermaid state diagram, for the documentation.
    package static var diagram: String {
        let edges = table.map { "    \($0.from.rawValue) --> \($0.to.rawValue): \($0.fact.rawValue)" }
        return (["stateDiagram-v2", "    [*] --> processing: created"] + edges).joined(separator: "\n") + "\n"
    }
}
