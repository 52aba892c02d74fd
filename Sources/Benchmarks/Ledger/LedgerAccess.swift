import Payments
import PostgreSQL
import Storage

/// The only place of the measurements that calls the ledger's storage.
enum LedgerAccess {
    /// One entry with its id.
    typealias Entry = (EntryID, JournalEntry)

    /// What a session of the gateway begins with.
    static let sessionSetup = StorageSession.setup

    /// Posts in bulk.
    ///
    /// - Throws: `BenchmarkError` when one of the entries is refused.
    static func post(_ entries: [Entry], into ledger: Ledger) async throws {
        let results = try await ledger.post(entries.map { PostingRequest($0, $1) }, at: WallTime.now())
        guard results.allSatisfy({ $0 == .created }) else { throw BenchmarkError("a transfer was refused") }
    }

    /// What bulk posting writes for entries of accounts that exist, without any of what it reads and decides.
    static func writes(for entries: [Entry], into ledger: Ledger) -> [Command] {
        ledger.write(unchecked: entries).booking(postedAt: WallTime.now(), chain: SealChain()).commands
    }

    /// Verifies the whole book.
    ///
    /// - Returns: how many entries it holds.
    /// - Throws: `BenchmarkError` when something is wrong.
    static func verify(_ pool: ConnectionPool) async throws -> Int {
        let report = try await LedgerVerification.verify(on: pool) { _ in }
        guard report.issues.isEmpty else { throw BenchmarkError("the book is wrong: \(report.issues[0])") }
        return Int(report.entryCount)
    }

    /// For each large table, the SQL by which the server reads what verification reads of it, without sending it.
    static let verifiedRows = LedgerVerification.largeCopies.map { name, settings, copy in
        (name, "BEGIN; \(settings); \(copy.replacing("TO STDOUT", with: "TO '/dev/null'")); COMMIT")
    }

    /// How many entries the book holds.
    static func entryCount(on pool: ConnectionPool) async throws -> Int64 {
        let statement = Statement("benchmark_entry_count", "SELECT count(*) FROM journal_entries")
        return try await pool.execute(statement, []).rows.first?.int64(0) ?? 0
    }
}
