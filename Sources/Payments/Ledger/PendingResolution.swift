/// The end of a pending entry: its money moves in whole or part, or is released.
///
/// A pending entry is resolved at most once. What is resolved twice by the same cause exists already; by another cause it is refused.
package struct PendingResolution: Sendable, Hashable {
    /// Why it ends; the identity of the entry that books the end.
    package let cause: EntryCause
    /// What kind of business event ends it.
    package let kind: EntryKind
    /// The cause of the pending entry.
    package let pending: EntryCause
    /// How it ends.
    package let outcome: Outcome
    /// When it ended in the world.
    package let occurredAt: Timestamp
    /// What people wrote about it, if anything; at most 500 bytes.
    package let reason: String?

    /// How a pending entry ends.
    package enum Outcome: Sendable, Hashable {
        /// All of it moves.
        case post
        /// The given minor units of each transfer move, in their order, each at most what was pending; the rest is released. Zero moves
        /// nothing of that transfer, but at least one must move.
        case postPart([Int128])
        /// Nothing moves, all of it is released.
        case void
        /// Its time is over; nothing moves.
        case expire
    }

    /// Describes the end of the entry whose cause is `pending`.
    package init(
        cause: EntryCause,
        kind: EntryKind,
        pending: EntryCause,
        outcome: Outcome,
        occurredAt: Timestamp,
        reason: String? = nil
    ) {
        self.cause = cause
        self.kind = kind
        self.pending = pending
        self.outcome = outcome
        self.occurredAt = occurredAt
        self.reason = reason
    }

    /// What the resolution does to a pending entry; nil when it would move more than was pending, or nothing.
    func effect(on entry: PendingEntry) -> (phase: BookedPhase, transfers: [Transfer])? {
        switch outcome {
        case .post: (.post, entry.transfers)
        case .void: (.void, entry.transfers)
        case .expire: (.expire, entry.transfers)
        case .postPart(let parts): PendingResolution.parts(parts, of: entry.transfers).map { (.post, $0) }
        }
    }

    private static func parts(_ parts: [Int128], of transfers: [Transfer]) -> [Transfer]? {
        guard parts.count == transfers.count, parts.contains(where: { $0 > 0 }) else { return nil }
        var moved: [Transfer] = []
        for (transfer, part) in zip(transfers, parts) where part != 0 {
            guard part <= transfer.amount.minorUnits, let reduced = transfer.reduced(to: part) else { return nil }
            moved.append(reduced)
        }
        return moved
    }
}
