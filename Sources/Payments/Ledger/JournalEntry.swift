/// A balanced set of transfers that follow from one cause and are written together or not at all.
package struct JournalEntry: Sendable, Hashable {
    /// Why the entry exists; the ledger holds at most one entry for a cause.
    package let cause: EntryCause
    /// What kind of business event it books.
    package let kind: EntryKind
    /// The movements, at least one.
    package let transfers: [Transfer]
    /// The charge it belongs to, if any.
    package let chargeID: ChargeID?
    /// When the money moved in the world, as told by the provider.
    package let occurredAt: Timestamp

    /// Makes an entry of one transfer and more.
    package init(
        cause: EntryCause,
        kind: EntryKind,
        _ first: Transfer,
        _ rest: [Transfer] = [],
        chargeID: ChargeID?,
        occurredAt: Timestamp
    ) {
        self.cause = cause
        self.kind = kind
        transfers = [first] + rest
        self.chargeID = chargeID
        self.occurredAt = occurredAt
    }
}

/// The identity of what an entry books, for example `stripe:pi_123:captured`.
///
/// Two events that tell the same fact have the same cause, so the second books nothing.
package struct EntryCause: Sendable, Hashable, CustomStringConvertible {
    /// The text that is unique over all entries; at most 300 bytes.
    package let text: String

    /// Wraps a cause.
    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }
}

/// What an entry books.
package enum EntryKind: String, Sendable, Hashable, CaseIterable {
    /// A payment that reached its charge.
    case capture
    /// A payment without a home.
    case suspense
    /// Written by hand or by an import.
    case manual
}
