package import Payments
package import PostgreSQL

/// The ledger as one process uses it: the database, and what the process remembers between its commits.
package struct Ledger: Sendable {
    /// Connections to the database that holds the books.
    package let pool: ConnectionPool
    let chains: SealChains
    let known: KnownAccounts

    /// Posts through `pool`.
    package init(pool: ConnectionPool, chains: SealChains = SealChains(), known: KnownAccounts = KnownAccounts()) {
        self.pool = pool
        self.chains = chains
        self.known = known
    }

    /// Posts in bulk, with a result for each request; one that is refused never spoils its neighbours, linked ones are refused together.
    ///
    /// Idempotent by cause. The balances of accounts with a rule are held under lock while `PostingPlan` decides, so no rule is broken
    /// under any concurrency.
    ///
    /// - Throws: `PostgresError` when the database cannot be asked, and `commitOutcomeUnknown` when its last answer was lost: then the
    ///   same requests are to be posted again, and tell by their results what is there.
    package func post(_ requests: [PostingRequest], at now: Timestamp) async throws -> [PostingResult] {
        guard !requests.isEmpty else { return [] }
        return try await post(at: now) { _ in
            (requests, ())
        } beside: { results, _ in
            (results, [])
        }
    }

    /// Posts in bulk what `read` finds to be posted, and in the same commit writes what `beside` answers.
    ///
    /// Either may run several times. What they throw rolls everything back. `read` may answer without requests; then only the rows of
    /// `beside` are written.
    ///
    /// - Throws: `PostgresError` as `post(_:at:)`, and what `read` and `beside` throw.
    package func post<Context: Sendable, Value: Sendable>(
        at now: Timestamp,
        _ read: @Sendable (Transaction) async throws -> ([PostingRequest], Context),
        beside: @Sendable ([PostingResult], Context) throws -> (Value, [Command])
    ) async throws -> Value {
        for attempt in 1... {
            do {
                return try await commit { transaction, chain in
                    let (requests, context) = try await read(transaction)
                    // What is remembered may be overtaken; whoever tries again reads everything.
                    let posting = BulkPosting(requests: requests, now: now, remembered: attempt == 1 ? known : KnownAccounts())
                    let posted =
                        requests.isEmpty ? BulkPosting.Outcome(write: .nothing) : try await posting.decide(in: transaction)
                    let (value, rows) = try beside(posted.results, context)
                    // What touches the balances comes last: that locks the rows that many batches share.
                    let booking = posted.write.booking(postedAt: now, chain: chain, written: posted.written)
                    booking.learn(from: try await transaction.finish(with: rows + booking.commands).last)
                    return (value, posted.write, booking.chain)
                }
            } catch let error as PostgresError where Ledger.isOvertaken(error) && attempt < Ledger.attemptsMax {
                continue
            }
        }
        preconditionFailure("the attempts have no end but success or an error")
    }

    /// Runs a transaction that writes entries: lends it a chain, and remembers what it wrote once it is committed.
    ///
    /// `body` answers with a value, what it wrote, and the chain's end; it must have finished the transaction.
    package func commit<Value: Sendable>(
        _ body: @Sendable (Transaction, SealChain) async throws -> (Value, LedgerWrite, SealChain)
    ) async throws -> Value {
        let chain = chains.lend()
        let (value, write, next) = try await pool.transaction { transaction in try await body(transaction, chain) }
        chains.giveBack(next)
        known.learn(write.newAccounts)
        return value
    }

    /// Entries without rules to heed on their way into the books, with what is remembered about their accounts.
    package func write(unchecked entries: [(EntryID, JournalEntry)]) -> LedgerWrite {
        let known = known.find(entries.flatMap { $0.1.transfers.flatMap { [$0.debit.name, $0.credit.name] } })
        var digester = EntryDigest(known: known)
        let accepted = entries.map { id, entry in
            let booked = BookedEntry(id, entry)
            return PostingPlan.Accepted(entry: booked, digest: digester.of(booked), ended: [])
        }
        return LedgerWrite(accepted, known: known)
    }

    private static let attemptsMax = 10

    /// Whether another writer booked a cause, ended a pending entry or closed an account meanwhile.
    private static func isOvertaken(_ error: PostgresError) -> Bool {
        error.isUniqueViolation || error.isCheckViolation
    }
}
