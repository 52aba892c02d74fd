import PostgreSQL
import TestSupport
import Testing

@Suite("COPY TO STDOUT", .timeLimit(.minutes(10)))
struct CopyStreamTests {
    private static func withSession<Value: Sendable>(_ body: (Session) async throws -> Value) async throws -> Value {
        try await TestDatabase.empty().withPool(connections: 1, setup: []) { pool in
            try await pool.withSession(body)
        }
    }

    /// Reads all rows of one column of eight-byte integers.
    private static func numbers(_ stream: CopyStream) async throws -> (count: Int, sum: Int64) {
        var rows = CopyRows(columnCount: 1)
        var count = 0
        var sum: Int64 = 0
        while let piece = try await stream.next() {
            rows.feed(piece)
            while try rows.next() {
                count += 1
                sum += try rows.int64(0)
            }
        }
        return (count, sum)
    }

    @Test("every row arrives, many more than one piece holds, and the session can be used again", arguments: [0, 1, 10, 300_000])
    func allRows(count: Int) async throws {
        try await Self.withSession { session in
            let copy = "COPY (SELECT generate_series(1::bigint, \(count))) TO STDOUT (FORMAT binary)"
            for _ in 0..<2 {
                let found = try await session.copyOut(copy) { try await Self.numbers($0) }
                #expect(found.count == count)
                #expect(found.sum == Int64(count) * Int64(count + 1) / 2)
            }
            #expect(try await session.execute(Statement("after", "SELECT 1::bigint"))[0].int64(0) == 1)
        }
    }

    @Test("a reader that is slow makes the server wait, and loses nothing")
    func slow() async throws {
        try await TestDatabase.empty().withPool(connections: 2, setup: []) { pool in
            try await pool.withSession { session in
                let copy = "COPY (SELECT generate_series(1::bigint, 300000)) TO STDOUT (FORMAT binary)"
                let count = try await session.copyOut(copy) { stream in
                    var rows = CopyRows(columnCount: 1)
                    rows.feed(try await stream.next())
                    // The server cannot have sent megabytes to somebody who does not read them.
                    let isWaiting = try await waitUntil(.seconds(90)) {
                        try await pool.execute(
                            Statement("waiting", "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientWrite'")
                        )[0].int64(0) == 1
                    }
                    #expect(isWaiting)
                    var count = 0
                    repeat { while try rows.next() { count += 1 } } while try await feed(&rows, stream)
                    return count
                }
                #expect(count == 300_000)
            }
        }
    }

    private func feed(_ rows: inout CopyRows, _ stream: CopyStream) async throws -> Bool {
        guard let piece = try await stream.next() else { return false }
        rows.feed(piece)
        return true
    }

    @Test("an error before or between the rows is thrown, and the session can be used again")
    func failure() async throws {
        try await Self.withSession { session in
            for sql in ["SELECT 1 / 0", "SELECT 100000 / (50000 - n) FROM generate_series(1, 60000) AS n"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await session.copyOut("COPY (\(sql)) TO STDOUT (FORMAT binary)") { while try await $0.next() != nil {} }
                }
                #expect(error?.sqlState == "22012")
            }
            let after = try await session.execute(Statement("after", "SELECT 1::bigint"))
            #expect(try after[0].int64(0) == 1)
        }
    }

    @Test("whoever leaves before the end does not wait for it")
    func leaving() async throws {
        try await TestDatabase.empty().withPool(connections: 1, setup: []) { pool in
            let count = try await pool.withSession { session in
                try await session.copyOut("COPY (SELECT generate_series(1::bigint, 1000000000)) TO STDOUT (FORMAT binary)") {
                    try await $0.next()?.count
                }
            }
            #expect((count ?? 0) > 0)
            #expect(try await pool.execute(Statement("after", "SELECT 1::bigint"))[0].int64(0) == 1)
        }
    }

    @Test("values of every kind are read as they are")
    func values() async throws {
        let copy = """
            COPY (SELECT NULL::text, 'é'::text, 7::smallint, -8::bigint, '01970000-0000-7000-8000-00000000002a'::uuid,
                '1970-01-01 00:00:01Z'::timestamptz, n::numeric(38, 0), sha256('x'), ARRAY[1, 2]::bigint[],
                ARRAY[sha256('x'), 'short'::bytea], '{}'::uuid[], ARRAY['00000000-0000-0000-0000-000000000001']::uuid[]
                FROM (VALUES ('0'), ('7'), ('-7'), ('9999'), ('10000'), ('123456789012345678901234567890')) AS v(n))
                TO STDOUT (FORMAT binary)
            """
        try await Self.withSession { session in
            let numbers = try await session.copyOut(copy) { stream in
                var rows = CopyRows(columnCount: 12)
                var numbers: [Int128] = []
                while let piece = try await stream.next() {
                    rows.feed(piece)
                    while try rows.next() {
                        #expect(rows.isNull(0) && rows.text(0) == nil)
                        #expect(rows.text(1) == "é")
                        #expect(try rows.int16(2) == 7)
                        #expect(try rows.int64(3) == -8)
                        #expect(throws: PostgresError.self) { try rows.int16(3) }
                        #expect(try rows.uuid(4) == 0x0197_0000_0000_7000_8000_0000_0000_002A)
                        #expect(try rows.timestamp(5) == 1_000_000)
                        #expect(rows.words(7) != nil && rows.words(4) == nil)
                        #expect(try rows.int64s(8) == [1, 2])
                        #expect(try rows.wordsArray(9) == [rows.words(7), nil])
                        var ids: [UInt128] = [5]
                        try rows.uuids(10, into: &ids)
                        #expect(ids == [])
                        try rows.uuids(11, into: &ids)
                        #expect(ids == [1])
                        var bytes: [UInt8] = []
                        rows.append(0...2, to: &bytes)
                        #expect(bytes == [255, 255, 255, 255, 0, 0, 0, 2, 0xC3, 0xA9, 0, 0, 0, 2, 0, 7])
                        numbers.append(try rows.numeric(6))
                    }
                }
                return numbers
            }
            #expect(numbers == [0, 7, -7, 9999, 10000, 123_456_789_012_345_678_901_234_567_890])
        }
    }
}
