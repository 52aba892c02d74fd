import Glibc
import PostgreSQL
import TestSupport
import Testing

@Suite("connections that the server ends", .timeLimit(.minutes(10)))
struct ReconnectionTests {
    private static func configuration(_ connectionString: String, connections: Int = 4, name: String) -> ConnectionPool.Configuration {
        ConnectionPool.Configuration(
            connectionString: connectionString,
            maximumConnections: connections,
            acquireTimeout: .seconds(10),
            connectTimeout: .seconds(5),
            applicationName: name
        )
    }

    private static let terminate = Statement(
        "terminate",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1"
    )

    @Test("a statement whose connection is ended has an error that says that it may have taken effect")
    func whileRunning() async throws {
        let database = try await TestDatabase.empty()
        try await database.withPool(connections: 1, setup: []) { killer in
            try await ConnectionPool.with(Self.configuration(database.connectionString, connections: 1, name: "running victim")) { pool in
                let task = Task { try await pool.execute(Statement("sleep", "SELECT pg_sleep(600)")) }
                let isRunning = try await waitUntil(.seconds(90)) {
                    try await killer.sessionCount(named: "running victim", where: "wait_event = 'PgSleep'") == 1
                }
                #expect(isRunning)
                _ = try await killer.execute(Self.terminate, [.text("running victim")])
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.code == .connectionLost)
                #expect(error?.isRetryable == true)
                #expect(try await pool.number("SELECT 1::bigint") == 1)
            }
        }
    }

    @Test("a connection that is ended while nobody uses it is replaced, and no caller notices")
    func whileIdle() async throws {
        let database = try await TestDatabase.empty()
        try await database.withPool(connections: 1, setup: []) { killer in
            try await ConnectionPool.with(Self.configuration(database.connectionString, connections: 1, name: "idle victim")) { pool in
                var old = try await pool.number("SELECT pg_backend_pid()::bigint")
                for _ in 0..<10 {
                    _ = try await killer.execute(Self.terminate, [.text("idle victim")])
                    let isReplaced = try await waitUntil(.seconds(90)) {
                        try await killer.sessionCount(named: "idle victim", where: "pid <> \(old) AND state = 'idle'") == 1
                    }
                    #expect(isReplaced)
                    old = try await pool.number("SELECT pg_backend_pid()::bigint")
                }
            }
        }
    }

    @Test("under load each answer is right or a connection error, and all works again afterwards")
    func underLoad() async throws {
        let database = try await TestDatabase.empty()
        try await database.withPool(connections: 1, setup: []) { killer in
            try await ConnectionPool.with(Self.configuration(database.connectionString, name: "victim")) { pool in
                let failures = try await withThrowingTaskGroup(of: Int.self) { group in
                    for worker in 0..<8 { group.addTask { try await Self.work(worker, on: pool) } }
                    for _ in 0..<10 {
                        _ = try await killer.execute(Self.terminate, [.text("victim")])
                        try await Task.sleep(for: .milliseconds(30))
                    }
                    return try await group.reduce(0, +)
                }
                #expect(failures > 0)
                for value in 0..<20 as Range<Int64> { #expect(try await pool.number("SELECT $1::bigint", .int64(value)) == value) }
                let count = try await killer.sessionCount(named: "victim")
                #expect(count <= 4)
            }
        }
    }

    /// Asks 60 times and counts the connection errors.
    private static func work(_ worker: Int, on pool: ConnectionPool) async throws -> Int {
        var failures = 0
        for number in 0..<60 {
            let value = Int64(worker * 1000 + number)
            do {
                let result = try await pool.execute(Statement("slow", "SELECT $1::bigint, pg_sleep(0.004)::text"), [.int64(value)])
                #expect(try result[0].int64(0) == value)
            } catch let error as PostgresError {
                failures += 1
                #expect([.connectionLost, .connectionFailed].contains(error.code) && error.isRetryable, "\(error)")
            }
        }
        return failures
    }

    @Test("a transaction under way when the server is killed takes effect once it is back, and the pool finds it again")
    func serverRestart() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let first = try await home.start(durability: .durable)
        // A second connection of this pool could outlive the server for a moment and take the second attempt as far as its COMMIT.
        try await ConnectionPool.with(Self.configuration(first.connectionString, connections: 1, name: "restart")) { pool in
            try await pool.script("CREATE TABLE kept (value bigint)")
            let attempts = Attempts()
            let task = Task {
                try await pool.transaction { transaction in
                    let number = attempts.add()
                    _ = try await transaction.execute(Statement("insert", "INSERT INTO kept VALUES (1)"))
                    // Only the first attempt waits until it is killed.
                    if number == 1 { _ = try await transaction.execute(Statement("sleep", "SELECT pg_sleep(600)")) }
                }
            }
            let isRunning = try await ConnectionPool.with(Self.configuration(first.connectionString, name: "watch")) { watch in
                try await waitUntil(.seconds(90)) {
                    try await watch.sessionCount(named: "restart", where: "wait_event = 'PgSleep'") == 1
                }
            }
            #expect(isRunning)
            kill(try #require(home.processID), SIGKILL)
            let second = try await home.start(durability: .durable)
            try await task.value
            #expect(attempts.count > 1)
            #expect(try await pool.number("SELECT count(*) FROM kept") == 1)
            await second.stop()
            await first.stop()
        }
    }
}
