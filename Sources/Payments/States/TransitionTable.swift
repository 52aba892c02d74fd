/// One edge of a state machine's graph: from, fact, to.
package struct StateTransition<Status, FactName>: Sendable, Hashable
where Status: Sendable & Hashable, FactName: Sendable & Hashable {
    package let from: Status
    package let fact: FactName
    package let to: Status
}

/// A state machine that is one table of edges; what is not in it changes nothing.
package protocol TransitionTable {
    associatedtype Status: Sendable, Hashable, RawRepresentable<String>
    associatedtype FactName: Sendable, Hashable, RawRepresentable<String>

    /// Every edge.
    static var table: [StateTransition<Status, FactName>] { get }
    /// Where the machine begins, and by what, as the diagram writes it: `pending: requested`.
    static var beginning: String { get }
}

extension TransitionTable {
    /// Where `fact` leads from `status`; nil when it changes nothing.
    package static func destination(from status: Status, by fact: FactName) -> Status? {
        table.first { $0.from == status && $0.fact == fact }?.to
    }

    /// Whether `fact` is one that leads to `status` from anywhere, and so confirms it.
    static func leads(to status: Status, by fact: FactName) -> Bool {
        table.contains { $0.to == status && $0.fact == fact }
    }

    /// The graph as a Mermaid state diagram, for the documentation.
    package static var diagram: String {
        let edges = table.map { "    \($0.from.rawValue) --> \($0.to.rawValue): \($0.fact.rawValue)" }
        return (["stateDiagram-v2", "    [*] --> \(beginning)"] + edges).joined(separator: "\n") + "\n"
    }
}
