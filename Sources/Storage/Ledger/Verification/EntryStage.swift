import PostgreSQL

/// Recomputes entries on a task of its own, so that seals and balances are checked beside it.
enum EntryStage {
    /// An entry that was recomputed, with its name.
    struct Found: Sendable {
        let id: UInt128
        let entry: AuditedEntry
    }

    /// What was found out about all entries.
    struct Outcome: Sendable {
        let issues: VerificationIssues
        let entryCount: Int64
        let transferCount: Int64
        let charges: ChargeFingerprints
    }

    private static let batchSize = 2048
    /// So many batches may be ahead.
    static let batchesMax = 2

    /// Reads both streams to their ends, as long as somebody takes, and hands the entries over; `open` is the list of open entries that the
    /// books keep.
    ///
    /// - Throws: `PostgresError` when the rows cannot be read.
    static func run(
        _ accounts: BookAccounts,
        open: [UInt128: Int64?],
        entries: CopyStream,
        transfers: CopyStream,
        to handover: Handover<[Found]>
    ) async throws -> Outcome {
        defer { handover.end() }
        var audit = EntryAudit()
        var issues = VerificationIssues()
        var batch: [Found] = []
        var isDone = false
        while !isDone {
            switch try audit.step(accounts, &issues, into: &batch) {
            case .entry:
                guard batch.count >= batchSize else { continue }
                // Nobody takes any more when the other task has failed.
                guard await handover.give(batch) else { return outcome(audit, issues) }
                batch = []
                batch.reserveCapacity(batchSize + 16)
            case .needsEntries: audit.feedEntries(try await entries.next())
            case .needsTransfers: audit.feedTransfers(try await transfers.next())
            case .end:
                audit.finish(open: open, &issues, into: &batch)
                _ = await handover.give(batch)
                isDone = true
            }
        }
        for stream in [entries, transfers] { while try await stream.next() != nil {} }
        return outcome(audit, issues)
    }

    private static func outcome(_ audit: EntryAudit, _ issues: VerificationIssues) -> Outcome {
        Outcome(issues: issues, entryCount: audit.entryCount, transferCount: audit.transferCount, charges: audit.charges)
    }
}
