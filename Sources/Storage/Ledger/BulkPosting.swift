import Payments
import PostgreSQL

/// One bulk posting: reads what it has to know, held under lock where a rule depends on it, and decides.
struct BulkPosting {
    let requests: [PostingRequest]
    let now: Timestamp
    /// Accounts that need not be read.
    let known: [AccountName: KnownAccounts.Known]

    /// Decides in one round trip, or in two when pending entries are named.
    ///
    /// Pending entries are read and locked first, for their accounts have to be locked, too.
    func decide(in transaction: Transaction) async throws -> ([PostingResult], LedgerWrite) {
        var books = LedgerBooks()
        books.pending = try await pending(in: transaction)
        try await readAccountsAndCauses(&books, in: transaction)
        let known = known
        var plan = PostingPlan(books: books, now: now) { EntryDigest.of($0, known: known) }
        let results = plan.post(requests)
        return (results, LedgerWrite(plan.accepted, known: known, created: Set(books.accounts.keys)))
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

    private func readAccountsAndCauses(_ books: inout LedgerBooks, in transaction: Transaction) async throws {
        let accounts = accounts(books.pending)
        let new = accounts.filter { known[$0.name] == nil }
        let limited = accounts.filter { $0.rule != .unrestricted }
        for account in accounts { books.accounts[account.name] = known[account.name]?.account }
        var commands = [LedgerStore.existingCauses(requests.map(\.cause))]
        if !new.isEmpty { commands.append(LedgerWrite.insertAccounts(new)) }
        if !limited.isEmpty {
            let ids = limited.map { known[$0.name]?.id ?? LedgerStore.accountID($0.name) }.sorted()
            commands.append(Command(LedgerStatements.lockAccounts, [.uuids(ids)]))
        }
        let read = Set((new + limited).map(\.name.text))
        if !read.isEmpty { commands.append(Command(BulkPosting.readAccounts, [.texts(read.sorted())])) }
        let results = try await transaction.pipeline(commands)
        books.digests = try LedgerStore.decodeCauses(results[0])
        guard !read.isEmpty else { return }
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
        FROM unnest($1::text[]) AS n(name) JOIN ledger_accounts a ON a.name = n.name
        LEFT JOIN LATERAL (
            SELECT * FROM ledger_balances WHERE account_id = a.id AND a.rule <> 'unrestricted' ORDER BY version DESC LIMIT 1
        ) b ON true
        """
    )
}
