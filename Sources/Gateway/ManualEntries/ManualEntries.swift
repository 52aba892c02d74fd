package import Payments
import PostgreSQL
package import Storage
import StrictJSON

/// Journal entries by hand: one person asks, another decides, and what is approved is booked in the commit of the decision.
package struct ManualEntries: Sendable {
    private let ledger: Ledger
    private let surroundings: Surroundings
    private var kept: KeptAnswers { KeptAnswers(pool: ledger.pool) }

    /// Books into `ledger`.
    package init(ledger: Ledger, surroundings: Surroundings) {
        self.ledger = ledger
        self.surroundings = surroundings
    }

    /// Keeps what is asked for until somebody decides.
    ///
    /// - Throws: `ManualEntryRefusal` before anything is written.
    package func request(_ draft: ManualEntryDraft, under request: IdempotentRequest) async throws -> IdempotentOutcome {
        if let earlier = try await kept.earlier(request) { return earlier }
        let standings = try await LedgerReads.accounts(named: draft.names.sorted(), on: ledger.pool)
        let existing = Dictionary(standings.map { ($0.account.name, $0.account) }) { first, _ in first }
        let now = surroundings.now()
        let entry = ManualEntry(
            id: surroundings.identifier(),
            requestedBy: request.caller,
            requestedAt: now,
            occurredAt: draft.occurredAt ?? now,
            reason: draft.reason,
            transfers: try draft.transfers(existing: existing)
        )
        guard let entry else { throw ManualEntryRefusal(.invalidAmount) }
        let answer = KeptAnswer(status: 201, body: ManualEntryDocument.json(entry).serialized())
        let isNew = try await repeatingUnknown { try await write(entry, answer, under: request) }
        return isNew ? .answered(answer) : try await kept.outcome(of: request)
    }

    private func write(_ entry: ManualEntry, _ answer: KeptAnswer, under request: IdempotentRequest) async throws -> Bool {
        try await ledger.pool.transaction { transaction in
            let record = request.record(answer: answer, at: entry.requestedAt)
            let begun = try await transaction.execute(IdempotencyStore.begin([record]))
            guard try !IdempotencyStore.decodeBegun(begun).isEmpty else { return false }
            _ = try await transaction.finish(with: ManualEntryStore.insert(entry))
            return true
        }
    }

    /// Books what was asked for; what the ledger refuses stays undecided.
    ///
    /// - Throws: `ManualEntryRefusal`, or `LedgerRefusal` with the ledger's reason.
    package func approve(_ id: ManualEntryID, reason: String?, under request: IdempotentRequest) async throws -> IdempotentOutcome {
        let entryID: EntryID = surroundings.identifier()
        return try await decide(id, .approved(entryID), reason: reason, under: request)
    }

    /// Ends what was asked for without booking it.
    ///
    /// - Throws: `ManualEntryRefusal`.
    package func reject(_ id: ManualEntryID, reason: String?, under request: IdempotentRequest) async throws -> IdempotentOutcome {
        try await decide(id, .rejected, reason: reason, under: request)
    }

    private func decide(
        _ id: ManualEntryID,
        _ outcome: ManualEntryDecision.Outcome,
        reason: String?,
        under request: IdempotentRequest
    ) async throws -> IdempotentOutcome {
        let now = surroundings.now()
        let decision = ManualEntryDecision(outcome: outcome, decidedBy: request.caller, decidedAt: now, reason: reason)
        let answer = try await repeatingUnknown { try await write(decision, about: id, under: request) }
        guard let answer else { return try await kept.outcome(of: request) }
        return .answered(answer)
    }

    /// Nil when the key was used before.
    private func write(
        _ decision: ManualEntryDecision,
        about id: ManualEntryID,
        under request: IdempotentRequest
    ) async throws -> KeptAnswer? {
        try await ledger.post(at: decision.decidedAt) { transaction -> ([PostingRequest], ManualEntry?) in
            let record = request.record(at: decision.decidedAt)
            let results = try await transaction.pipeline([IdempotencyStore.begin([record]), ManualEntryStore.find(id)])
            guard try !IdempotencyStore.decodeBegun(results[0]).isEmpty else { return ([], nil) }
            guard let entry = try ManualEntryStore.decode(results[1]).first else { throw ManualEntryRefusal(.notFound) }
            try entry.admit(decisionBy: decision.decidedBy)
            guard case .approved(let entryID) = decision.outcome else { return ([], entry) }
            return ([PostingRequest(entryID, entry.journalEntry(approvedBy: decision.decidedBy))], entry)
        } beside: { results, entry in
            guard let entry, let decided = entry.decided(decision) else { return (nil, []) }
            switch results.first {
            case nil, .created: break
            // Another call of the same person has booked it since it was read.
            case .exists: throw ManualEntryRefusal(.alreadyDecided)
            case .some(let result): throw LedgerRefusal(result: result)
            }
            let answer = KeptAnswer(status: 200, body: ManualEntryDocument.json(decided).serialized())
            return (
                answer,
                [
                    ManualEntryStore.insert(decision, about: entry),
                    IdempotencyStore.answer(caller: request.caller, key: request.key, with: answer),
                ]
            )
        }
    }
}

/// The ledger's reason for not booking what a caller asked for.
package struct LedgerRefusal: Error, Sendable, Hashable {
    package let result: PostingResult
}
