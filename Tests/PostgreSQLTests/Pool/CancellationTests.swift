import PostgreSQL
import Synchronization
import TestSupport
import Testing

@Suite("tasks that are cancelled", .timeLimit(.minutes(10)))
struct CancellationTests {
    private static func withPool<Value: Sendable>(
        connections: Int = 1,
        _ name: String,
        _ body: (ConnectionPool) async throws -> Value
    ) async throws -> Value {
        let configuration = ConnectionPool.Configuration(
            connectionString: try await TestDatabase.empty().connectionString,
            maximumConnections: connections,
            acquireTimeout: .seconds(20),
            applicationName: name
        )
        return try await ConnectionPool.with(configuration, body)
    }

    /// Looks at the server from outside the pool under test.
    private static func expectSessions(_ pool: ConnectionPool, _ count: Int64, where condition: String) async throws {
        let name = pool.configuration.applicationName
        let configuration = ConnectionPool.Configuration(
            connectionString: pool.configuration.connectionString,
            applicationName: "watching"
        )
        try await ConnectionPool.with(configuration) { watching in
            let isSo = try await waitUntil(.seconds(90)) { try await watching.sessionCount(named: name, where: condition) == count }
            #expect(isSo, "\(condition)")
        }
    }

    @Test("who waits for a connection gives up, and the connection is not lost")
    func whileWaiting() async throws {
        try await Self.withPool("waiting") { pool in
            try await pool.withSession { _ in
                let task = Task.immediate { try await pool.number("SELECT 1::bigint") }
                task.cancel()
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.code == .cancelled)
            }
            #expect(try await pool.number("SELECT 2::bigint") == 2)
        }
    }

    @Test("a task that was cancelled before it asked gets nothing")
    func beforeAsking() async throws {
        try await Self.withPool("before") { pool in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await pool.number("SELECT 1::bigint")
            }
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
        }
    }

    @Test("a running statement is stopped on the server")
    func whileRunning() async throws {
        try await Self.withPool("running") { pool in
            let task = Task { try await pool.execute(Statement("sleep", "SELECT pg_sleep(600)")) }
            try await Self.expectSessions(pool, 1, where: "query LIKE '%pg_sleep(600)%' AND wait_event = 'PgSleep'")
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(error?.isRetryable == false)
            try await Self.expectSessions(pool, 0, where: "query LIKE '%pg_sleep(600)%'")
            #expect(try await pool.number("SELECT 3::bigint") == 3)
        }
    }

    @Test("a cancellation at the very moment a statement begins stops it too")
    func atTheBeginning() async throws {
        try await Self.withPool(connections: 4, "beginning") { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        let task = Task { try await pool.execute(Statement("sleep", "SELECT pg_sleep(600)")) }
                        for _ in 0..<Int.random(in: 0..<60) { await Task.yield() }
                        task.cancel()
                        let error = await #expect(throws: PostgresError.self) { try await task.value }
                        #expect(error?.code == .cancelled)
                    }
                }
                try await group.waitForAll()
            }
            try await Self.expectSessions(pool, 0, where: "query LIKE '%pg_sleep(600)%' AND state = 'active'")
        }
    }

    @Test("between the statements of a transaction a cancellation undoes it")
    func inTransaction() async throws {
        try await Self.withPool("transaction") { pool in
            try await pool.script("CREATE TABLE kept (value bigint)")
            let task = Task {
                try await pool.transaction { transaction in
                    _ = try await transaction.execute(Statement("insert", "INSERT INTO kept VALUES (1)"))
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(try await pool.number("SELECT count(*) FROM kept") == 0)
            try await Self.expectSessions(pool, 0, where: "state LIKE 'idle in transaction%'")
        }
    }

    @Test("while COMMIT is under way nobody can know, and the error says so")
    func duringCommit() async throws {
        try await Self.withPool("commit") { pool in
            try await pool.script(
                """
                CREATE TABLE kept (value bigint);
                CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER late AFTER INSERT ON kept DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait();
                """
            )
            let attempts = Attempts()
            let task = Task {
                try await pool.transaction { transaction in
                    attempts.add()
                    _ = try await transaction.execute(Statement("insert", "INSERT INTO kept VALUES (1)"))
                }
            }
            try await Self.expectSessions(pool, 1, where: "query = 'COMMIT' AND wait_event = 'PgSleep'")
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .commitOutcomeUnknown)
            #expect(error?.isRetryable == false)
            #expect(attempts.count == 1)
            try await Self.expectSessions(pool, 0, where: "query = 'COMMIT'")
        }
    }

    @Test("hundreds at random moments: every answer is right, and no connection stays in a transaction")
    func random() async throws {
        var random = SeededRandom.printed("cancellations")
        try await Self.withPool(connections: 4, "random") { pool in
            try await pool.script("CREATE TABLE pairs (id bigint, half bigint, PRIMARY KEY (id, half))")
            let work = CancelledWork(pool: pool)
            for round in 0..<20 {
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<25 {
                        let id = Int64(round * 25 + index)
                        let seed = random.next()
                        group.addTask { await work.doOne(id, SeededRandom(seed: seed)) }
                    }
                }
            }
            #expect(work.faults.isEmpty)
            #expect(work.cancelledCount > 50)
            #expect(work.certain.count > 10)
            let result = try await pool.execute(Statement("pairs", "SELECT id, count(*) FROM pairs GROUP BY id"))
            let halves = Dictionary(uniqueKeysWithValues: try result.rows.map { (try $0.int64(0), try $0.int64(1)) })
            #expect(halves.values.allSatisfy { $0 == 2 })
            #expect(work.certain.subtracting(halves.keys).isEmpty)
            #expect(work.undone.intersection(halves.keys).isEmpty)
            try await Self.expectSessions(pool, 0, where: "state LIKE 'idle in transaction%' OR state = 'active'")
        }
    }
}

/// Counts what a task did.
final class Attempts: Sendable {
    private let state = Mutex(0)

    var count: Int { state.withLock { $0 } }

    @discardableResult
    func add() -> Int {
        state.withLock { count in
            count += 1
            return count
        }
    }
}
