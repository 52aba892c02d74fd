import Payments
import PostgreSQL

/// One bulk posting: reads what it has to know, held under lock where a rule depends on it, decides, and begins to write.
///
/// Our work and the database's go on at the same time: digests are computed while the database reads, and the requests are decided in
/// parts, each while the rows of the one before are written.
struct BulkPosting {
    let requests: [PostingRequest]
    let now: Timestamp
    /// Where accounts are found that need not be read.
    let remembered: KnownAccounts

    /// What was decided, and how much of it is written.
    struct Outcome {
        var results: [PostingResult] = []
        var write: LedgerWrite
        /// So many entries are rows already; the rest of the write is still to be sent.
        var written = 0
    }

    /// A round trip costs more than what could be done while it is under way for fewer entries than this.
    private static let partMin = 100
    private static let partsMax = 4

    /// Reads in one round trip, or in two when pending entries are named; then decides, and writes all entries if they are many.
    ///
    /// Pending entries are read and locked first, for their accounts have to be locked, too.
    func decide(in transaction: Transaction) async throws -> Outcome {
        var books = LedgerBooks()
        books.pending = try await pending(in: transaction)
        let accounts = accounts(books.pending)
        let known = remembered.find(accounts.lazy.map(\.name))
        let (commands, named) = reading(accounts, known, &books)
        async let read = transaction.pipeline(commands)
        let digests = digests(known)
        try take(try await read, named, into: &books)
        var plan = PostingPlan(books: books, now: now) { entry in digests[entry.id] ?? EntryDigest.of(entry, known: known) }
        var outcome = Outcome(write: LedgerWrite([], known: known, created: Set(books.accounts.keys), isLocked: true))
        let parts = parts()
        decide(parts[0], &plan, &outcome)
        for part in parts.dropFirst() {
            let rows = outcome.write.rows(from: outcome.written, postedAt: now)
            outcome.written = outcome.write.count
            async let sent = rows.isEmpty ? [] : transaction.pipeline(rows)
            decide(part, &plan, &outcome)
            _ = try await sent
        }
        return outcome
    }

    private func decide(_ part: Range<Int>, _ plan: inout PostingPlan, _ outcome: inout Outcome) {
        let before = plan.accepted.count
        outcome.results += plan.post(Array(requests[part]))
        outcome.write.add(plan.accepted[before...])
    }

    /// The requests cut into parts of about the same size; what is linked stays together.
    private func parts() -> [Range<Int>] {
        let count = min(BulkPosting.partsMax, requests.count / BulkPosting.partMin)
        guard count > 1 else { return [0..<requests.count] }
        let size = (requests.count + count - 1) / count
        var parts: [Range<Int>] = []
        var start = 0
        for group in PostingRequest.groups(of: requests) where group.upperBound - start >= size || group.upperBound == requests.count {
            parts.append(start..<group.upperBound)
            start = group.upperBound
        }
        return parts
    }

    /// The digests of new entries by their names; what ends a pending entry depends on that, and names that come twice tell nothing.
    private func digests(_ known: [AccountName: KnownAccounts.Known]) -> [EntryID: [UInt8]] {
        var digests: [EntryID: [UInt8]] = [:]
        digests.reserveCapacity(requests.count)
        var repeated: Set<EntryID> = []
        var digester = EntryDigest(known: known)
        for request in requests {
            guard case .entry(let entry) = request.content else { continue }
            let digest = digester.of(BookedEntry(request.id, entry))
            if digests.updateValue(digest, forKey: request.id) != nil { repeated.insert(request.id) }
        }
        for id in repeated { digests[id] = nil }
        return digests
    }

    private func pending(in transaction: Transaction) async throws -> [EntryCause: PendingEntry] {
        let causes = requests.compactMap { request -> EntryCause? in
            guard case .resolution(let resolution) = request.content else { return nil }
            return resolution.pending
        }
        guard !causes.isEmpty else { return [:] }
        // What the lock waited for is seen only by a statement that comes after it.
        return try PendingEntries.decode(try await transaction.pipeline([PendingEntries.lock(causes), PendingEntries.find(causes)])[1])
    }

    /// What reads and locks all that is to be known about the accounts, and which causes are booked; with it the accounts that are read.
    private func reading(
        _ accounts: [LedgerAccount],
        _ known: [AccountName: KnownAccounts.Known],
        _ books: inout LedgerBooks
    ) -> (commands: [Command], named: Set<AccountName>) {
        let new = accounts.filter { known[$0.name] == nil }
        let limited = accounts.filter { $0.rule != .unrestricted }
        books.accounts = known.mapValues(\.account)
        var commands = [LedgerStore.existingCauses(requests.map(\.cause))]
        if !new.isEmpty { commands.append(LedgerWrite.insertAccounts(new)) }
        if !limited.isEmpty {
            let ids = limited.map { known[$0.name]?.id ?? LedgerStore.accountID($0.name) }.sorted()
            commands.append(Command(LedgerStatements.lockAccounts, [.uuids(ids)]))
        }
        let named = Set((new + limited).map(\.name))
        if !named.isEmpty {
            let names = Array(named)
            let committed = names.map { known[$0]?.version.number ?? 0 }
            commands.append(Command(BulkPosting.readAccounts, [.texts(names.map(\.text)), .int64s(committed)]))
        }
        return (commands, named)
    }

    private func take(_ results: [QueryResult], _ named: Set<AccountName>, into books: inout LedgerBooks) throws {
        books.digests = try LedgerStore.decodeCauses(results[0])
        guard !named.isEmpty else { return }
        for row in results[results.count - 1].rows { try BulkPosting.take(row, into: &books) }
    }

    /// The accounts of all requests, each once.
    private func accounts(_ pending: [EntryCause: PendingEntry]) -> [LedgerAccount] {
        var accounts: [AccountName: LedgerAccount] = [:]
        for request in requests {
            let transfers =
                switch request.content {
                case .entry(let entry): entry.transfers
                case .resolution(let resolution): pending[resolution.pending]?.transfers ?? []
                }
            for transfer in transfers {
                accounts[transfer.debit.name] = transfer.debit
                accounts[transfer.credit.name] = transfer.credit
            }
        }
        return Array(accounts.values)
    }

    private static func take(_ row: Row, into books: inout LedgerBooks) throws {
        let account = try row.ledgerAccount(0)
        books.accounts[account.name] = account
        if try row.bool(4) { books.closed.insert(account.name) }
        guard account.rule != .unrestricted, try row.optionalNumeric(5) != nil else { return }
        books.balances[account.name] = try row.accountBalance(5)
    }

    private static let readAccounts = Statement(
        "ledger_read_accounts",
        """
        SELECT a.name, a.asset, a.class, a.rule, a.closed_at IS NOT NULL, b.debits_posted, b.credits_posted, b.debits_pending,
            b.credits_pending
        FROM unnest($1::text[], $2::bigint[]) AS n(name, committed) JOIN ledger_accounts a ON a.name = n.name
        LEFT JOIN LATERAL (
            \(LedgerStatements.newestBalance(of: "CASE WHEN a.rule <> 'unrestricted' THEN a.id END", committed: "n.committed"))
        ) b ON true
        """
    )
}
