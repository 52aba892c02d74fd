/// A journal entry that somebody asks for by hand, and what another person decided about it.
package struct ManualEntry: Sendable, Hashable {
    package let id: ManualEntryID
    /// The key of whoever asked for it.
    package let requestedBy: APIKeyID
    package let requestedAt: Timestamp
    /// When it happened in the world.
    package let occurredAt: Timestamp
    /// Why it is to be booked; 1 to 500 bytes.
    package let reason: String
    /// What is to move; at least one.
    package let transfers: [Transfer]
    /// What became of it; nil while it waits for a second person.
    package let decision: ManualEntryDecision?

    /// Describes an entry; nil when nothing is to move.
    package init?(
        id: ManualEntryID,
        requestedBy: APIKeyID,
        requestedAt: Timestamp,
        occurredAt: Timestamp,
        reason: String,
        transfers: [Transfer],
        decision: ManualEntryDecision? = nil
    ) {
        guard !transfers.isEmpty else { return nil }
        self.id = id
        self.requestedBy = requestedBy
        self.requestedAt = requestedAt
        self.occurredAt = occurredAt
        self.reason = reason
        self.transfers = transfers
        self.decision = decision
    }

    /// Whether it waits, was booked, or never will be.
    package var status: ManualEntryStatus {
        switch decision?.outcome {
        case nil: .requiresApproval
        case .approved: .approved
        case .rejected: .rejected
        }
    }

    /// The same after a decision.
    package func decided(_ decision: ManualEntryDecision) -> ManualEntry? {
        ManualEntry(
            id: id,
            requestedBy: requestedBy,
            requestedAt: requestedAt,
            occurredAt: occurredAt,
            reason: reason,
            transfers: transfers,
            decision: decision
        )
    }

    /// What is booked when `approver` approves; its cause names both people, so that it is sealed who they were.
    package func journalEntry(approvedBy approver: APIKeyID) -> JournalEntry {
        JournalEntry(
            cause: EntryCause("manual:\(id):\(requestedBy):\(approver)"),
            kind: .manual,
            transfers[0],
            Array(transfers.dropFirst()),
            chargeID: nil,
            occurredAt: occurredAt,
            reason: reason
        )
    }

    /// Whether `decider` may decide now.
    ///
    /// - Throws: `ManualEntryRefusal`.
    package func admit(decisionBy decider: APIKeyID) throws(ManualEntryRefusal) {
        guard decider != requestedBy else { throw ManualEntryRefusal(.secondPersonRequired) }
        guard decision == nil else { throw ManualEntryRefusal(.alreadyDecided) }
    }
}

/// What a second person decided about a manual entry.
package struct ManualEntryDecision: Sendable, Hashable {
    package let outcome: Outcome
    /// The key of whoever decided; never the requester's.
    package let decidedBy: APIKeyID
    package let decidedAt: Timestamp
    /// What they wrote about it, if anything.
    package let reason: String?

    /// To book it or not.
    package enum Outcome: Sendable, Hashable {
        /// It is booked, as this entry.
        case approved(EntryID)
        /// It is not booked.
        case rejected
    }

    /// Describes a decision.
    package init(outcome: Outcome, decidedBy: APIKeyID, decidedAt: Timestamp, reason: String?) {
        self.outcome = outcome
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.reason = reason
    }
}

/// How far a manual entry is.
package enum ManualEntryStatus: String, Sendable, Hashable, CaseIterable {
    case requiresApproval = "requires_approval"
    case approved
    case rejected
}
