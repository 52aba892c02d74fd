/// A journal entry as the books hold it; resolutions of pending entries are entries, too.
package struct BookedEntry: Sendable, Hashable {
    /// The entry's name.
    package let id: EntryID
    package let cause: EntryCause
    package let kind: EntryKind
    package let phase: BookedPhase
    /// For a posting, voiding or expiry, the pending entry that it ends.
    package let pendingEntryID: EntryID?
    /// When a pending entry expires by itself; nil for never, and for all other phases.
    package let expiresAt: Timestamp?
    /// What moved (`posted`, `post`), is reserved (`pending`) or was released (`void`, `expire`); at least one.
    package let transfers: [Transfer]
    package let chargeID: ChargeID?
    package let occurredAt: Timestamp
    package let reason: String?
    package let exchangeRate: ExchangeRate?

    /// Books an entry under a name.
    package init(_ id: EntryID, _ entry: JournalEntry) {
        self.id = id
        cause = entry.cause
        kind = entry.kind
        switch entry.phase {
        case .posted:
            phase = .posted
            expiresAt = nil
        case .pending(let time):
            phase = .pending
            expiresAt = time
        }
        pendingEntryID = nil
        transfers = entry.transfers
        chargeID = entry.chargeID
        occurredAt = entry.occurredAt
        reason = entry.reason
        exchangeRate = entry.exchangeRate
    }

    /// Books the end of a pending entry; `transfers` are what moves or is released.
    init(_ id: EntryID, _ resolution: PendingResolution, of pending: PendingEntry, phase: BookedPhase, transfers: [Transfer]) {
        self.id = id
        cause = resolution.cause
        kind = resolution.kind
        self.phase = phase
        pendingEntryID = pending.id
        expiresAt = nil
        self.transfers = transfers
        chargeID = pending.chargeID
        occurredAt = resolution.occurredAt
        reason = resolution.reason
        exchangeRate = nil
    }
}

/// What an entry in the books does to the money of its transfers.
package enum BookedPhase: String, Sendable, Hashable, CaseIterable {
    /// Moved it.
    case posted
    /// Reserved it.
    case pending
    /// Moved what was pending, in whole or part, and released the rest.
    case post
    /// Released what was pending.
    case void
    /// Released what was pending, because its time was over.
    case expire
}

/// A pending entry as a resolution has to know it.
package struct PendingEntry: Sendable, Hashable {
    package let id: EntryID
    package let transfers: [Transfer]
    package let chargeID: ChargeID?
    package let expiresAt: Timestamp?
    /// Whether it was posted, voided or expired already.
    package let isResolved: Bool

    /// Describes a pending entry.
    package init(id: EntryID, transfers: [Transfer], chargeID: ChargeID?, expiresAt: Timestamp?, isResolved: Bool) {
        self.id = id
        self.transfers = transfers
        self.chargeID = chargeID
        self.expiresAt = expiresAt
        self.isResolved = isResolved
    }

    /// A pending entry that was booked just now.
    init(_ entry: BookedEntry) {
        self.init(id: entry.id, transfers: entry.transfers, chargeID: entry.chargeID, expiresAt: entry.expiresAt, isResolved: false)
    }

    /// The same after its end.
    var resolved: PendingEntry {
        PendingEntry(id: id, transfers: transfers, chargeID: chargeID, expiresAt: expiresAt, isResolved: true)
    }
}
