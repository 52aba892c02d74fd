import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("What is written once")
struct LedgerImmutabilityTests {
    /// What the service may do beside reading and inserting: open entries are a list that follows from the entries, whose rows can only
    /// be locked by who may update them, and an account is closed once.
    private static let exceptions: Set<String> = [
        "DELETE ledger_open_entries", "UPDATE ledger_open_entries.expires_at", "UPDATE ledger_accounts.closed_at",
    ]

    private static func withBook(setup: [String], _ body: (ConnectionPool) async throws -> Void) async throws {
        let database = try await TestDatabase.migrated()
        _ = try await database.withPool { try await SampleBook(pool: $0).write() }
        try await database.withPool(setup: setup, body)
    }

    private static func refusal(_ sql: String, _ pool: ConnectionPool) async throws -> String? {
        do {
            _ = try await pool.withSession { try await $0.executeScript("BEGIN; \(sql); ROLLBACK") }
            return nil
        } catch let error as PostgresError {
            return error.sqlState
        }
    }

    /// Each thing that could be done to a ledger table, a column at a time.
    private static func changes(_ pool: ConnectionPool) async throws -> [(name: String, sql: String)] {
        let columns = try await Falsification(pool: pool).columns()
        #expect(Set(columns.map(\.table)) == Set(Falsification.tables))
        let updates = columns.map { ("UPDATE \($0.table).\($0.name)", "UPDATE \($0.table) SET \($0.name) = \($0.name)") }
        return updates + Falsification.tables.flatMap { [("DELETE \($0)", "DELETE FROM \($0)"), ("TRUNCATE \($0)", "TRUNCATE \($0)")] }
    }

    @Test("the service's own role cannot change or remove a row of the ledger")
    func service() async throws {
        try await Self.withBook(setup: StorageSession.setup) { pool in
            for change in try await Self.changes(pool) where !Self.exceptions.contains(change.name) {
                #expect(try await Self.refusal(change.sql, pool) == "42501", "\(change.name)")
            }
        }
    }

    @Test("the owner is refused, too, as long as the triggers stand")
    func owner() async throws {
        try await Self.withBook(setup: []) { pool in
            for change in try await Self.changes(pool) where !change.name.contains("ledger_open_entries") {
                #expect(try await Self.refusal(change.sql, pool) == "23000", "\(change.name)")
            }
        }
    }

    @Test("a table that the books consist of is one of those that are proven")
    func complete() async throws {
        try await TestDatabase.migrated().withPool(setup: []) { pool in
            let tables = try await pool.execute(
                Statement(
                    "test_ledger_tables",
                    """
                    SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'
                        AND (table_name LIKE 'ledger\\_%' OR table_name LIKE 'journal\\_%' OR table_name LIKE '%transfers%')
                        AND table_name <> 'manual_entry_transfers' ORDER BY 1
                    """
                )
            )
            #expect(try tables.rows.map { try $0.text(0) } == Falsification.tables)
        }
    }
}
