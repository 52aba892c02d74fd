import PostgreSQL
import Synchronization
import TestSupport
import Testing

@Suite("transactions", .timeLimit(.minutes(10)))
struct TransactionTests {
    struct OwnError: Error {}

    private static let insert = Statement("insert", "INSERT INTO kept VALUES ($1)")

    private static func withTable<Value: Sendable>(_ body: (ConnectionPool) async throws -> Value) async throws -> Value {
        try await TestDatabase.empty().withPool(connections: 4, setup: ["SET deadlock_timeout = '20ms'"]) { pool in
            try await pool.script("CREATE TABLE kept (value bigint UNIQUE CHECK (value > 0))")
            return try await body(pool)
        }
    }

    private static func values(_ pool: ConnectionPool) async throws -> [Int64] {
        try await pool.execute(Statement("values", "SELECT value FROM kept ORDER BY value")).rows.map { try $0.int64(0) }
    }

    @Test("what was written is there after the end, and nobody sees it before")
    func commit() async throws {
        try await Self.withTable { pool in
            let affected = try await pool.transaction { transaction in
                _ = try await transaction.execute(Self.insert, [.int64(1)])
                let results = try await transaction.pipeline([Command(Self.insert, [.int64(2)]), Command(Self.insert, [.int64(3)])])
                let values = try await Self.values(pool)
                #expect(values.isEmpty)
                return results.map(\.affectedRows)
            }
            #expect(affected == [1, 1])
            #expect(try await Self.values(pool) == [1, 2, 3])
        }
    }

    @Test("the last commands can travel with COMMIT, and with BEGIN too")
    func finish() async throws {
        try await Self.withTable { pool in
            let counts = try await pool.transaction { transaction in
                try await transaction.finish(with: [Command(Self.insert, [.int64(1)]), Command(Self.insert, [.int64(2)])]).map(
                    \.affectedRows
                )
            }
            #expect(counts == [1, 1])
            let none = try await pool.transaction { transaction in
                _ = try await transaction.execute(Self.insert, [.int64(3)])
                return try await transaction.finish(with: []).count
            }
            #expect(none == 0)
            #expect(try await Self.values(pool) == [1, 2, 3])
        }
    }

    @Test("a transaction that does nothing is nothing")
    func empty() async throws {
        try await Self.withTable { pool in
            let value = try await pool.transaction { _ in 7 }
            #expect(value == 7)
        }
    }

    @Test("an error of the caller's own undoes everything, is passed on and is not tried again")
    func ownError() async throws {
        try await Self.withTable { pool in
            let attempts = Mutex(0)
            await #expect(throws: OwnError.self) {
                try await pool.transaction { transaction in
                    attempts.withLock { $0 += 1 }
                    _ = try await transaction.execute(Self.insert, [.int64(1)])
                    throw OwnError()
                }
            }
            #expect(attempts.withLock { $0 } == 1)
            let values = try await Self.values(pool)
            #expect(values.isEmpty)
        }
    }

    @Test(
        "an error that another attempt would meet again is not tried again",
        arguments: [
            ("INSERT INTO kept VALUES (1), (1)", "23505"), ("INSERT INTO kept VALUES (0)", "23514"), ("SELECT 1 / 0", "22012"),
            ("SELEKT", "42601"), ("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(5)", "57014"),
        ]
    )
    func lastingError(sql: String, state: String) async throws {
        try await Self.withTable { pool in
            let attempts = Mutex(0)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    attempts.withLock { $0 += 1 }
                    _ = try await transaction.execute(Self.insert, [.int64(5)])
                    _ = try await transaction.execute(Statement("wrong", sql))
                }
            }
            #expect(error?.code == .server)
            #expect(error?.sqlState == state)
            #expect(error?.statementName == "wrong")
            #expect(attempts.withLock { $0 } == 1)
            let values = try await Self.values(pool)
            #expect(values.isEmpty)
        }
    }

    @Test("an error that was passed over makes COMMIT an error, not a silent rollback")
    func passedOver() async throws {
        try await Self.withTable { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    _ = try await transaction.execute(Self.insert, [.int64(1)])
                    _ = try? await transaction.execute(Self.insert, [.int64(1)])
                }
            }
            #expect(error?.sqlState == "25P02")
            let values = try await Self.values(pool)
            #expect(values.isEmpty)
        }
    }

    @Test("a read-only transaction and its isolation are the server's")
    func modes() async throws {
        try await Self.withTable { pool in
            for isolation in [TransactionIsolation.readCommitted, .repeatableRead, .serializable] {
                let row = try await pool.transaction(isolation: isolation, readOnly: true) { transaction in
                    let sql = "SELECT upper(current_setting('transaction_isolation')), current_setting('transaction_read_only')"
                    return try await transaction.execute(Statement("modes", sql))[0]
                }
                #expect(try row.text(0) == isolation.rawValue)
                #expect(try row.text(1) == "on")
            }
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction(readOnly: true) { try await $0.execute(Self.insert, [.int64(1)]).affectedRows }
            }
            #expect(error?.sqlState == "25006")
        }
    }
}
