import PostgreSQL
import Synchronization
import TestSupport
import Testing

@Suite("transactions that are tried again", .timeLimit(.minutes(10)))
struct RetryTests {
    private static func withPool<Value: Sendable>(_ body: (ConnectionPool) async throws -> Value) async throws -> Value {
        try await TestDatabase.empty().withPool(connections: 4, setup: ["SET deadlock_timeout = '20ms'"]) { pool in
            try await pool.script(
                """
                CREATE TABLE seats (number bigint);
                CREATE TABLE accounts (id bigint PRIMARY KEY, balance bigint NOT NULL);
                INSERT INTO accounts VALUES (1, 100), (2, 100);
                CREATE FUNCTION fail(state text) RETURNS bigint LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'made to fail' USING ERRCODE = state; END $$;
                """
            )
            return try await body(pool)
        }
    }

    /// Lets two first attempts meet, so that they are sure to get into each other's way.
    private final class Meeting: Sendable {
        private let attempts = Mutex(0)

        var attemptCount: Int { attempts.withLock { $0 } }

        func arrive() async throws {
            let number = attempts.withLock { count in
                count += 1
                return count
            }
            guard number <= 2 else { return }
            let isComplete = try await waitUntil(.seconds(90)) { attemptCount >= 2 }
            #expect(isComplete)
        }
    }

    @Test("two serializable transactions that conflict both succeed, one after the other")
    func serialization() async throws {
        try await Self.withPool { pool in
            let meeting = Meeting()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        try await pool.transaction(isolation: .serializable) { transaction in
                            let count = try await transaction.execute(Statement("count", "SELECT count(*) FROM seats"))[0].int64(0)
                            try await meeting.arrive()
                            _ = try await transaction.execute(Statement("take", "INSERT INTO seats VALUES ($1)"), [.int64(count + 1)])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(meeting.attemptCount == 3)
            #expect(try await pool.number("SELECT sum(number)::bigint FROM seats") == 3)
        }
    }

    @Test("a deadlock is resolved: both transactions take effect, once each")
    func deadlock() async throws {
        try await Self.withPool { pool in
            let meeting = Meeting()
            let move = Statement("move", "UPDATE accounts SET balance = balance + $2 WHERE id = $1")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second, amount) in [(1, 2, 10), (2, 1, 5)] as [(Int64, Int64, Int64)] {
                    group.addTask {
                        try await pool.transaction { transaction in
                            _ = try await transaction.execute(move, [.int64(first), .int64(-amount)])
                            try await meeting.arrive()
                            _ = try await transaction.execute(move, [.int64(second), .int64(amount)])
                        }
                    }
                }
                try await group.waitForAll()
            }
            // Begun again, they may meet once more.
            #expect(meeting.attemptCount >= 3)
            #expect(try await pool.number("SELECT balance FROM accounts WHERE id = 1") == 95)
            #expect(try await pool.number("SELECT balance FROM accounts WHERE id = 2") == 105)
        }
    }

    @Test("attempts have a limit, and the last error is the server's", arguments: ["40001", "40P01", "55P03"], [0, 3])
    func bounded(state: String, limit: Int) async throws {
        try await Self.withPool { pool in
            let attempts = Mutex(0)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction(retryLimit: limit) { transaction in
                    attempts.withLock { $0 += 1 }
                    _ = try await transaction.execute(Statement("take", "INSERT INTO seats VALUES ($1)"), [.int64(1)])
                    _ = try await transaction.execute(Statement("fail", "SELECT fail($1)"), [.text(state)])
                }
            }
            #expect(error?.code == .server)
            #expect(error?.sqlState == state)
            #expect(error?.isRetryable == true)
            #expect(attempts.withLock { $0 } == limit + 1)
            let count = try await pool.number("SELECT count(*) FROM seats")
            #expect(count == 0)
        }
    }

    @Test("a serialization failure of COMMIT itself is tried again")
    func failingCommit() async throws {
        try await Self.withPool { pool in
            try await pool.script(
                """
                CREATE SEQUENCE commits;
                CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN IF nextval('commits') = 1 THEN RAISE EXCEPTION 'once' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER late AFTER INSERT ON seats DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_once();
                """
            )
            let attempts = Mutex(0)
            try await pool.transaction { transaction in
                attempts.withLock { $0 += 1 }
                _ = try await transaction.execute(Statement("take", "INSERT INTO seats VALUES ($1)"), [.int64(1)])
            }
            #expect(attempts.withLock { $0 } == 2)
            #expect(try await pool.number("SELECT count(*) FROM seats") == 1)
        }
    }

    @Test(
        "a single statement that the server gives up for another's sake is tried again, any other error is not",
        arguments: [
            ("40001", 3), ("40P01", 3), ("55P03", 1), ("23505", 1),
        ]
    )
    func singleStatement(state: String, attempts: Int) async throws {
        try await Self.withPool { pool in
            try await pool.script(
                """
                CREATE SEQUENCE attempts;
                CREATE FUNCTION fail_twice(state text) RETURNS bigint LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('attempts') < 3 THEN RAISE EXCEPTION 'not yet' USING ERRCODE = state; END IF;
                    RETURN 1;
                END $$;
                """
            )
            let statement = Statement("fail_twice", "SELECT fail_twice($1)")
            if attempts == 3 {
                _ = try await pool.execute(statement, [.text(state)])
            } else {
                let error = await #expect(throws: PostgresError.self) { _ = try await pool.execute(statement, [.text(state)]) }
                #expect(error?.sqlState == state)
            }
            #expect(try await pool.number("SELECT last_value FROM attempts") == Int64(attempts))
        }
    }

    @Test("a single statement that always fails ends with the server's error")
    func singleStatementBounded() async throws {
        try await Self.withPool { pool in
            let error = await #expect(throws: PostgresError.self) {
                _ = try await pool.execute(Statement("fail", "SELECT fail($1)"), [.text("40001")])
            }
            #expect(error?.sqlState == "40001")
        }
    }

    @Test("a task that is cancelled between attempts ends with the database's own error")
    func cancelledBetweenAttempts() async throws {
        try await Self.withPool { pool in
            let task = Task {
                try await pool.transaction(retryLimit: 1000) { transaction in
                    _ = try await transaction.execute(Statement("fail", "SELECT fail($1)"), [.text("40001")])
                }
            }
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
        }
    }
}
