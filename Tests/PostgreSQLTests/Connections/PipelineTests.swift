import PostgreSQL
import TestSupport
import Testing

@Suite("many statements in one round trip", .timeLimit(.minutes(10)))
struct PipelineTests {
    private static let echo = Statement("echo", "SELECT $1::bigint")

    private static func withPool<Value: Sendable>(_ body: (ConnectionPool) async throws -> Value) async throws -> Value {
        try await TestDatabase.empty().withPool(connections: 1, setup: [], body)
    }

    @Test("5,000 statements answer in order")
    func many() async throws {
        try await Self.withPool { pool in
            let values = try await pool.withSession { session in
                try await session.pipeline((0..<5000).map { Command(Self.echo, [.int64($0)]) }).map { try $0[0].int64(0) }
            }
            #expect(values == Array(0..<5000))
        }
    }

    @Test("no statements need no round trip")
    func none() async throws {
        try await Self.withPool { pool in
            let results = try await pool.withSession { try await $0.pipeline([]) }
            #expect(results.isEmpty)
        }
    }

    @Test("an error in the middle names its statement, undoes those before it and keeps those after it from running")
    func errorInTheMiddle() async throws {
        try await Self.withPool { pool in
            try await pool.script("CREATE TABLE kept (value bigint); CREATE SEQUENCE touched")
            let insert = Statement("insert", "INSERT INTO kept VALUES ($1)")
            // A sequence forgets nothing at a rollback, so it tells what ran.
            let touch = Statement("touch", "SELECT nextval('touched')")
            let divide = Statement("divide", "SELECT 1 / $1::int")
            try await pool.withSession { session in
                let commands = [Command(insert, [.int64(1)]), Command(touch), Command(divide, [.int32(0)])]
                let error = await #expect(throws: PostgresError.self) {
                    try await session.pipeline(commands + [Command(touch), Command(insert, [.int64(2)])])
                }
                #expect(error?.code == .server)
                #expect(error?.sqlState == "22012")
                #expect(error?.statementName == "divide")
                #expect(error?.isRetryable == false)
                // The same connection goes on.
                let rest = try await session.pipeline([Command(touch), Command(insert, [.int64(3)]), Command(divide, [.int32(1)])])
                #expect(try rest[0][0].int64(0) == 2)
                #expect(rest[1].affectedRows == 1)
            }
            #expect(try await pool.number("SELECT sum(value)::bigint FROM kept") == 3)
        }
    }

    @Test("a syntax error is the statement's own; what was prepared before it stays, what came after it is prepared later")
    func syntaxError() async throws {
        try await Self.withPool { pool in
            try await pool.withSession { session in
                let one = Statement("one", "SELECT 1::bigint")
                let two = Statement("two", "SELECT 2::bigint")
                let error = await #expect(throws: PostgresError.self) {
                    try await session.pipeline([Command(one), Command(Statement("wrong", "SELEKT 1")), Command(two)])
                }
                #expect(error?.sqlState == "42601")
                #expect(error?.statementName == "wrong")
                let values = try await session.pipeline([Command(two), Command(one), Command(two)]).map { try $0[0].int64(0) }
                #expect(values == [2, 1, 2])
                let corrected = try await session.execute(Statement("wrong", "SELECT 3::bigint"))
                #expect(try corrected[0].int64(0) == 3)
            }
        }
    }

    @Test("a statement is prepared once on a connection")
    func preparedOnce() async throws {
        try await Self.withPool { pool in
            for value in Int64(0)..<3 { _ = try await pool.execute(Self.echo, [.int64(value)]) }
            #expect(try await pool.number("SELECT count(*) FROM pg_prepared_statements WHERE name = 'echo'") == 1)
        }
    }

    @Test("a result of 100,000 rows is whole and in order")
    func largeResult() async throws {
        try await Self.withPool { pool in
            let result = try await pool.execute(Statement("rows", "SELECT n::bigint, 'row ' || n FROM generate_series(0, 99999) AS n"))
            #expect(result.rowCount == 100_000)
            #expect(result.affectedRows == 100_000)
            var wrong = 0
            for (number, row) in result.rows.enumerated() where try Int(row.int64(0)) != number || row.text(1) != "row \(number)" {
                wrong += 1
            }
            #expect(wrong == 0)
        }
    }

    @Test("a value of 10 MB goes there and comes back")
    func largeValue() async throws {
        try await Self.withPool { pool in
            let bytes = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            let row = try await pool.execute(Statement("large", "SELECT $1, length($1)::bigint"), [.bytes(bytes)])[0]
            #expect(try row.int64(1) == 10_000_000)
            #expect(try row.bytes(0) == bytes)
        }
    }

    @Test("large values in both directions at once do not block each other")
    func bothDirections() async throws {
        try await Self.withPool { pool in
            let texts = (0..<20).map { String(repeating: "\($0 % 10)", count: 500_000) }
            let echo = Statement("echo text", "SELECT $1 || $1")
            let answers = try await pool.withSession { session in
                try await session.pipeline(texts.map { Command(echo, [.text($0)]) }).map { try $0[0].text(0) }
            }
            #expect(answers == texts.map { $0 + $0 })
        }
    }

    @Test("affected rows are counted")
    func affectedRows() async throws {
        try await Self.withPool { pool in
            try await pool.script("CREATE TABLE counted AS SELECT generate_series(1, 10) AS n")
            for (sql, count) in [
                ("INSERT INTO counted VALUES (11), (12)", 2), ("UPDATE counted SET n = n + 100 WHERE n > 5", 7),
                ("DELETE FROM counted WHERE n = 1", 1), ("DELETE FROM counted WHERE n = 1", 0), ("CREATE TABLE other ()", 0),
            ] {
                #expect(try await pool.execute(Statement(sql.statementName, sql)).affectedRows == count, "\(sql)")
            }
        }
    }

    @Test("a refusal names the constraint and never the value")
    func constraints() async throws {
        try await Self.withPool { pool in
            try await pool.script("CREATE TABLE kept (name text CONSTRAINT once UNIQUE, age int CONSTRAINT adult CHECK (age > 17))")
            let insert = Statement("insert", "INSERT INTO kept VALUES ($1, $2)")
            _ = try await pool.execute(insert, [.text("secret name"), .int32(20)])
            let twice = await #expect(throws: PostgresError.self) { try await pool.execute(insert, [.text("secret name"), .int32(21)]) }
            #expect(twice?.isUniqueViolation == true)
            #expect(twice?.constraintName == "once")
            #expect(twice?.description.contains("secret") == false)
            let child = await #expect(throws: PostgresError.self) { try await pool.execute(insert, [.null, .int32(17)]) }
            #expect(child?.isCheckViolation == true)
            #expect(child?.constraintName == "adult")
        }
    }

    @Test("a script gives the result of each statement, or the first error, and the connection goes on")
    func scripts() async throws {
        try await Self.withPool { pool in
            try await pool.withSession { session in
                let results = try await session.executeScript("SELECT 1; CREATE TABLE made (); SELECT 2 UNION SELECT 3")
                #expect(results.map(\.rowCount) == [1, 0, 2])
                #expect(try await session.executeScript("").map(\.rowCount) == [0])
                let error = await #expect(throws: PostgresError.self) {
                    try await session.executeScript("SELECT 1; SELECT nothing; SELECT 2")
                }
                #expect(error?.sqlState == "42703")
                #expect(try await session.execute(Self.echo, [.int64(5)])[0].int64(0) == 5)
            }
        }
    }

    @Test(
        "COPY, which needs more than a round trip, is an error and not a standstill",
        arguments: ["COPY t TO STDOUT", "COPY t FROM STDIN"]
    )
    func copying(sql: String) async throws {
        try await Self.withPool { pool in
            try await pool.script("CREATE TABLE t AS SELECT 1 AS n")
            await #expect(throws: PostgresError.self) { try await pool.script(sql) }
            await #expect(throws: PostgresError.self) { try await pool.execute(Statement("copy", sql)) }
            #expect(try await pool.number("SELECT count(*) FROM t") == 1)
        }
    }
}
