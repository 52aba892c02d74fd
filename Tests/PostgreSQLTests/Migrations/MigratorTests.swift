import PostgreSQL
import TestSupport
import Testing

@Suite("migrations", .timeLimit(.minutes(10)))
struct MigratorTests {
    private static let steps = [
        Migration(number: 1, name: "first", sql: "CREATE TABLE log (number int); INSERT INTO log VALUES (1)"),
        Migration(number: 2, name: "second", sql: "INSERT INTO log VALUES (2); CREATE TABLE other (name text)"),
        Migration(number: 3, name: "third", sql: "INSERT INTO log SELECT 3 FROM pg_sleep(0.02)"),
    ]

    private static func migrator(_ migrations: [Migration]) -> Migrator {
        // A sum by place serves as a digest: it tells one text from another.
        Migrator(migrations: migrations) { bytes in
            let sum = bytes.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
            return (0..<8).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
        }
    }

    private static func migrate(_ migrations: [Migration], _ database: TestDatabase) async throws -> [Int] {
        try await migrator(migrations).migrate(connectionString: database.connectionString).map(\.number)
    }

    private static func expectLog(_ expected: [Int32], _ database: TestDatabase) async throws {
        try await database.withPool(connections: 1, setup: []) { pool in
            let log = try await pool.execute(Statement("log", "SELECT number FROM log ORDER BY number")).rows.map { try $0.int32(0) }
            #expect(log == expected)
            let sql = "SELECT number, name FROM schema_migrations ORDER BY number"
            let records = try await pool.execute(Statement("records", sql)).rows.map { (try $0.int32(0), try $0.text(1)) }
            #expect(records.map(\.0) == expected)
            #expect(records.map(\.1) == steps.prefix(expected.count).map(\.name))
        }
    }

    @Test("run once in order; again, there is nothing to do; later, only what is new")
    func again() async throws {
        let database = try await TestDatabase.empty()
        #expect(try await Self.migrate(Array(Self.steps.prefix(2)), database) == [1, 2])
        #expect(try await Self.migrate(Array(Self.steps.prefix(2)), database) == [])
        try await Self.expectLog([1, 2], database)
        #expect(try await Self.migrate(Self.steps, database) == [3])
        try await Self.expectLog([1, 2, 3], database)
    }

    @Test("six processes at once run each step once")
    func atOnce() async throws {
        let database = try await TestDatabase.empty()
        let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<6 { group.addTask { try await Self.migrate(Self.steps, database) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == [1, 2, 3])
        try await Self.expectLog([1, 2, 3], database)
    }

    @Test("a step that was changed after it had run is refused by name, and nothing after it runs")
    func changed() async throws {
        let database = try await TestDatabase.empty()
        _ = try await Self.migrate(Array(Self.steps.prefix(2)), database)
        var edited = Self.steps
        edited[1] = Migration(number: 2, name: "second", sql: Self.steps[1].sql + " ")
        let error = await #expect(throws: PostgresError.self) { try await Self.migrate(edited, database) }
        #expect(error?.code == .migration)
        #expect(error?.isRetryable == false)
        #expect(error?.description.contains("migration 2 second was changed after it had run") == true)
        try await Self.expectLog([1, 2], database)
    }

    @Test("a step that fails leaves nothing behind, and runs once it is corrected")
    func failing() async throws {
        let database = try await TestDatabase.empty()
        var wrong = Self.steps
        wrong[1] = Migration(number: 2, name: "second", sql: "CREATE TABLE other (name text); INSERT INTO log VALUES (2); SELECT 1 / 0")
        let error = await #expect(throws: PostgresError.self) { try await Self.migrate(wrong, database) }
        #expect(error?.code == .server)
        #expect(error?.sqlState == "22012")
        try await Self.expectLog([1], database)
        #expect(try await Self.migrate(Self.steps, database) == [2, 3])
        try await Self.expectLog([1, 2, 3], database)
    }

    @Test("a database that is newer than this version is refused, and not touched")
    func newer() async throws {
        let database = try await TestDatabase.empty()
        _ = try await Self.migrate(Self.steps, database)
        let error = await #expect(throws: PostgresError.self) { try await Self.migrate(Array(Self.steps.prefix(2)), database) }
        #expect(error?.code == .migration)
        #expect(error?.description.contains("at migration 3") == true)
        #expect(error?.description.contains("knows 2") == true)
        try await Self.expectLog([1, 2, 3], database)
    }

    @Test("without steps only the bookkeeping is made")
    func none() async throws {
        let database = try await TestDatabase.empty()
        #expect(try await Self.migrate([], database) == [])
        try await database.withPool(connections: 1, setup: []) { pool in
            let count = try await pool.number("SELECT count(*) FROM schema_migrations")
            #expect(count == 0)
        }
    }

    @Test("a migration that is cancelled leaves nothing behind and frees the lock")
    func cancelled() async throws {
        let database = try await TestDatabase.empty()
        var slow = Self.steps
        slow[1] = Migration(number: 2, name: "second", sql: "INSERT INTO log VALUES (2); SELECT pg_sleep(600)")
        let steps = slow
        let task = Task { try await Self.migrate(steps, database) }
        try await database.withPool(connections: 1, setup: []) { pool in
            let isRunning = try await waitUntil(.seconds(90)) {
                let condition = "wait_event = 'PgSleep' AND datname = current_database()"
                return try await pool.sessionCount(named: "truvapay migrations", where: condition) == 1
            }
            #expect(isRunning)
        }
        task.cancel()
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        try await Self.expectLog([1], database)
        #expect(try await Self.migrate(Self.steps, database) == [2, 3])
    }
}
