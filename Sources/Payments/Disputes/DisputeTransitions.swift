/// The one table of the dispute's state machine: from, fact, to.
///
/// Progress only moves upwards, and every outcome is above it; of two outcomes the later one counts, because decisions are appealed. So the
/// order in which facts arrive does not matter. The graph in `docs/dispute-states.md` is drawn from this table.
package enum DisputeTransitions: TransitionTable {
    /// One edge of the graph.
    package typealias Transition = StateTransition<DisputeStatus, FactName>

    /// The facts that move a dispute, without what they carry.
    package enum FactName: String, Sendable, Hashable, CaseIterable {
        case inquiry
        case opened
        case underReview = "under_review"
        case closed
        case won
        case lost
        /// Closed after another outcome, by the provider's time.
        case closedLater = "closed_later"
        case wonLater = "won_later"
        case lostLater = "lost_later"
    }

    /// How it begins.
    package static let beginning = "inquiry: told"

    /// Every edge; what is not here changes nothing.
    package static let table: [Transition] = [
        Transition(from: .inquiry, fact: .opened, to: .needsResponse),
        Transition(from: .inquiry, fact: .underReview, to: .underReview),
        Transition(from: .inquiry, fact: .closed, to: .closed),
        Transition(from: .inquiry, fact: .won, to: .won),
        Transition(from: .inquiry, fact: .lost, to: .lost),
        Transition(from: .needsResponse, fact: .underReview, to: .underReview),
        Transition(from: .needsResponse, fact: .closed, to: .closed),
        Transition(from: .needsResponse, fact: .won, to: .won),
        Transition(from: .needsResponse, fact: .lost, to: .lost),
        Transition(from: .underReview, fact: .closed, to: .closed),
        Transition(from: .underReview, fact: .won, to: .won),
        Transition(from: .underReview, fact: .lost, to: .lost),
        Transition(from: .closed, fact: .wonLater, to: .won),
        Transition(from: .closed, fact: .lostLater, to: .lost),
        Transition(from: .won, fact: .closedLater, to: .closed),
        Transition(from: .won, fact: .lostLater, to: .lost),
        Transition(from: .lost, fact: .closedLater, to: .closed),
        Transition(from: .lost, fact: .wonLater, to: .won),
    ]
}
