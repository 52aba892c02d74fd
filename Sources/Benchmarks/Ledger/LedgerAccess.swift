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
    static func post(_ entries: [Entry], on pool: ConnectionPool) async throws {
        let results = try await LedgerStore.post(entries, at: WallTime.now(), on: pool)
        guard results.allSatisfy({ $0 == .created }) else { throw BenchmarkError("a transfer was refused") }
    }

    /// What bulk posting writes for entries of accounts that exist, without any of what it reads and decides.
    static func writes(for entries: [Entry]) -> [Command] {
        let accounts = entries.flatMap(\.1.transfers).flatMap { [$0.debit.name, $0.credit.name] }
        return LedgerStore.write(entries, postedAt: WallTime.now(), knownAccounts: Set(accounts))
    }

    /// How many entries the book holds.
    static func entryCount(on pool: ConnectionPool) async throws -> Int64 {
        let statement = Statement("benchmark_entry_count", "SELECT count(*) FROM journal_entries")
        return try await pool.execute(statement, []).rows.first?.int64(0) ?? 0
    }
}
