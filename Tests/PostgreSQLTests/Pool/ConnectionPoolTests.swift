import PostgreSQL
import Synchronization
import TestSupport
import Testing

@Suite("the pool", .timeLimit(.minutes(10)))
struct ConnectionPoolTests {
    private static func configuration(
        maximum: Int = 1,
        minimum: Int = 0,
        waitersMax: Int = 100,
        acquireTimeout: Duration = .seconds(20),
        name: String = "pool"
    ) async throws -> ConnectionPool.Configuration {
        ConnectionPool.Configuration(
            connectionString: try await TestDatabase.empty().connectionString,
            minimumConnections: minimum,
            maximumConnections: maximum,
            waitersMax: waitersMax,
            acquireTimeout: acquireTimeout,
            applicationName: name
        )
    }

    @Test("never has more connections than its maximum, whatever its minimum is")
    func limit() async throws {
        try await ConnectionPool.with(Self.configuration(maximum: 3, minimum: 7, name: "limited")) { pool in
            let counts = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<60 { group.addTask { try await pool.sessionCount(named: "limited") } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect((1...3).contains(counts.max() ?? 0), "\(counts)")
            let held = try await pool.withSession { _ in
                try await pool.withSession { _ in try await pool.sessionCount(named: "limited") }
            }
            #expect(held == 3)
        }
    }

    @Test("opens its minimum without being asked")
    func minimum() async throws {
        try await ConnectionPool.with(Self.configuration(maximum: 3, minimum: 2, name: "minimal")) { pool in
            let isOpen = try await waitUntil(.seconds(5)) { try await pool.sessionCount(named: "minimal") == 2 }
            #expect(isOpen)
        }
    }

    @Test("serves whoever waits in order")
    func order() async throws {
        try await ConnectionPool.with(Self.configuration()) { pool in
            let served = Served()
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await pool.withSession { _ in
                    // Each runs at once up to where it waits.
                    for number in 0..<20 {
                        group.addImmediateTask { try await pool.withSession { _ in served.append(number) } }
                    }
                }
                try await group.waitForAll()
            }
            #expect(served.numbers == Array(0..<20))
        }
    }

    @Test("does not let anybody wait longer than its time")
    func acquireTimeout() async throws {
        try await ConnectionPool.with(Self.configuration(acquireTimeout: .milliseconds(300))) { pool in
            // The first connection may take longer than that.
            let isOpen = try await waitUntil(.seconds(90)) { (try? await pool.number("SELECT 1::bigint")) != nil }
            #expect(isOpen)
            try await pool.withSession { session in
                let error = await #expect(throws: PostgresError.self) { try await pool.withSession { _ in } }
                #expect(error?.code == .poolExhausted)
                #expect(error?.description.contains("in time") == true)
                _ = try await session.executeScript("SELECT 1")
            }
            #expect(try await pool.number("SELECT 1::bigint") == 1)
        }
    }

    @Test("refuses at once when too many wait")
    func waitersMax() async throws {
        try await ConnectionPool.with(Self.configuration(waitersMax: 1)) { pool in
            try await withThrowingTaskGroup(of: Int64.self) { group in
                try await pool.withSession { _ in
                    group.addImmediateTask { try await pool.number("SELECT 1::bigint") }
                    let error = await #expect(throws: PostgresError.self) { try await pool.withSession { _ in } }
                    #expect(error?.code == .poolExhausted)
                }
                #expect(try await group.next() == 1)
            }
        }
    }

    @Test("when it is closed, whoever waits is refused, whoever works may end, and no session stays")
    func closing() async throws {
        let pool = ConnectionPool(configuration: try await Self.configuration(maximum: 2, name: "closing"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await pool.withSession { first in
                try await pool.withSession { second in
                    group.addImmediateTask { try await pool.withSession { _ in } }
                    pool.close()
                    let error = await #expect(throws: PostgresError.self) { try await group.next() }
                    #expect(error?.code == .shutDown)
                    for session in [first, second] {
                        let answer = try await session.execute(Statement("one", "SELECT 1::bigint"))
                        #expect(try answer[0].int64(0) == 1)
                    }
                }
            }
        }
        let error = await #expect(throws: PostgresError.self) { try await pool.number("SELECT 1::bigint") }
        #expect(error?.code == .shutDown)
        try await expectNoSessions(named: "closing", of: pool)
    }

    @Test("when its task is cancelled, it is closed")
    func cancelledRun() async throws {
        let pool = ConnectionPool(configuration: try await Self.configuration(minimum: 1, name: "cancelled run"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            _ = try await pool.number("SELECT 1::bigint")
            group.cancelAll()
        }
        let error = await #expect(throws: PostgresError.self) { try await pool.withSession { _ in } }
        #expect(error?.code == .shutDown)
        try await expectNoSessions(named: "cancelled run", of: pool)
    }

    @Test("a session that is used after its connection and the pool are gone gets an error")
    func usedAfterEnd() async throws {
        let pool = ConnectionPool(configuration: try await Self.configuration(name: "gone"))
        try await pool.withSession { session in
            await #expect(throws: PostgresError.self) { try await session.executeScript("SELECT pg_terminate_backend(pg_backend_pid())") }
            pool.close()
            for _ in 1...3 {
                let error = await #expect(throws: PostgresError.self) { try await session.executeScript("SELECT 1") }
                #expect(error?.code == .connectionFailed)
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    @Test("a pool that nobody has any more leaves no session behind")
    func forgotten() async throws {
        let configuration = try await Self.configuration(name: "forgotten")
        #expect(try await ConnectionPool(configuration: configuration).number("SELECT 1::bigint") == 1)
        try await expectNoSessions(named: "forgotten", of: ConnectionPool(configuration: configuration))
    }

    @Test("does not lend a connection whose transaction was left open", arguments: ["SELECT 1", "SELECT nothing"])
    func leftOpen(script: String) async throws {
        try await ConnectionPool.with(Self.configuration(name: "left open")) { pool in
            try? await pool.script("BEGIN; SET LOCAL truvapay.left = 'open'; \(script)")
            let left = try await pool.execute(Statement("left", "SELECT nullif(current_setting('truvapay.left', true), '')"))
            #expect(try left[0].optionalText(0) == nil)
            let isGone = try await waitUntil(.seconds(5)) {
                try await pool.sessionCount(named: "left open", where: "state LIKE 'idle in transaction%'") == 0
            }
            #expect(isGone)
        }
    }

    private final class Served: Sendable {
        private let state = Mutex<[Int]>([])

        var numbers: [Int] { state.withLock { $0 } }

        func append(_ number: Int) { state.withLock { $0.append(number) } }
    }

    private func expectNoSessions(named name: String, of pool: ConnectionPool) async throws {
        let watching = ConnectionPool(
            configuration: .init(connectionString: pool.configuration.connectionString, applicationName: "watching")
        )
        defer { watching.close() }
        let isGone = try await waitUntil(.seconds(5)) { try await watching.sessionCount(named: name) == 0 }
        #expect(isGone)
    }
}
