import Cryptography
import Payments
import PostgreSQL
import TestSupport
import Testing

@testable import Storage

@Suite("Seals over what payments rest on", .timeLimit(.minutes(10)))
struct RecordSealTests {
    private static let recordCount: Int64 = 11

    private static func insert(_ events: String, count: Int = 1) -> String {
        """
        INSERT INTO webhook_events (id, provider, event_id, event_type, headers, body, received_at)
        SELECT gen_random_uuid(), 'stripe', '\(events)' || n, 'charge.succeeded', '{"a":"b"}', convert_to(repeat('body', 10), 'UTF8'),
            '2026-11-25T07:00:00.000001Z' FROM generate_series(1, \(count)) AS n ON CONFLICT (provider, event_id) DO NOTHING;
        """
    }

    /// Two rows of every kind but one manual entry more than its decision, with and without what may be absent.
    private static let sample = """
        \(insert("evt_", count: 2))
        INSERT INTO charges (id, order_id, order_number, customer_id, amount, asset, method, capture, card_token, return_url, expires_at,
            metadata, provider, status, amount_captured, amount_refunded, created_at, updated_at, version, coin)
        SELECT gen_random_uuid(), 'order', x, x, 700, 'THB', 'promptpay', 'automatic', x, x, '2026-01-01Z'::timestamptz, '{}',
            'promptpay', 'processing', 0, 0, now(), now(), 1, x FROM (VALUES ('present'), (NULL)) AS v(x);
        INSERT INTO notifications (id, type, cause, ordering_key, ordinal, body, created_at)
        SELECT gen_random_uuid(), 'charge.succeeded', 'cause ' || n, 'key', n, '{"a":"b"}', now() FROM generate_series(1, 2) AS n;
        INSERT INTO notification_deliveries (notification_id, ordering_key, ordinal, next_attempt_at)
        SELECT id, ordering_key, ordinal, now() FROM notifications;
        INSERT INTO manual_entries (id, requested_by, requested_at, occurred_at, reason)
        SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, gen_random_uuid(), now(), now(), 'because' FROM generate_series(1, 2) n;
        INSERT INTO manual_entry_transfers
        SELECT id, n, 'bank:kbank:THB', 'asset', 'unrestricted', 'orders:payable:THB', 'liability', 'unrestricted', 'THB', 100 + n
        FROM manual_entries, generate_series(0, 1) AS n;
        INSERT INTO manual_entry_decisions
        SELECT id, requested_by, gen_random_uuid(), 'approved', gen_random_uuid(), 'good', now() FROM manual_entries ORDER BY id LIMIT 1;
        """

    /// The same, and two withdrawals: one that another has approved, and one that needed nobody.
    private static let wholeSample =
        sample + """
            INSERT INTO withdrawals (id, customer_id, asset, amount, destination, provider, requested_by, approval_limit, needs_approval,
                status, created_at, updated_at, version)
            SELECT gen_random_uuid(), 'c', 'THB', 100, 'paypal:a@b.co', 'paypal', gen_random_uuid(), n * 100, n = 0, 'approved', now(),
                now(), 1 FROM generate_series(0, 1) AS n;
            INSERT INTO withdrawal_decisions
            SELECT id, requested_by, needs_approval, CASE WHEN needs_approval THEN gen_random_uuid() END, 'approved',
                CASE WHEN needs_approval THEN 'good' END, now() FROM withdrawals;
            """

    private static func run(_ sql: String, _ pool: ConnectionPool) async throws {
        _ = try await pool.withSession { try await $0.executeScript(sql) }
    }

    private static func report(_ pool: ConnectionPool) async throws -> LedgerVerificationReport {
        try await LedgerVerification.verify(on: pool) { _ in }
    }

    @Test("every record is sealed as it is written, an anchor holds the seals, and what was there already is not sealed again")
    func sealed() async throws {
        try await TestDatabase.migrated().withPool { pool in
            try await Self.run(Self.wholeSample, pool)
            try await Self.run(Self.insert("evt_", count: 2), pool)
            let report = try await Self.report(pool)
            #expect(report.issues == [])
            #expect(report.recordCount == Self.recordCount + 4)
            #expect(report.recordSealCount == 8)
            #expect(report.unanchoredSealCount == 8)
            var anchors = JournalAnchors(ledger: Ledger(pool: pool))
            let anchor = try #require(try await anchors.advance(at: SampleBook.begin))
            #expect(try await anchors.advance(at: SampleBook.begin) == nil)
            let anchored = try await LedgerVerification.verify(on: pool, expecting: anchor.digest) { _ in }
            #expect(anchored.issues == [])
            #expect(anchored.unanchoredSealCount == 0)
        }
    }

    @Test("one byte or unit of any sealed column of any record is found and named")
    func everyColumn() async throws {
        let database = try await TestDatabase.migrated()
        try await database.withPool { try await Self.run(Self.wholeSample, $0) }
        try await database.withPool(setup: Falsification.setup) { owner in
            let falsification = Falsification(pool: owner, tables: SealedRecord.allCases.map(\.table))
            try await falsification.prepare()
            try await database.withPool { pool in
                for column in try await falsification.columns() {
                    let kind = try #require(SealedRecord.allCases.first { $0.table == column.table })
                    guard kind.columns.contains(column.name) else { continue }
                    try await Self.change(column, of: kind, falsification, pool)
                }
                #expect(try await Self.report(pool).issues == [])
            }
        }
    }

    private static func change(
        _ column: Falsification.Column,
        of kind: SealedRecord,
        _ falsification: Falsification,
        _ pool: ConnectionPool
    ) async throws {
        var count = 0
        for isNull in [false, true] {
            for row in try await falsification.rows(column, isNull: isNull) {
                let assignment = try #require(isNull ? Falsification.filled(column) : Falsification.changed(column), "\(column)")
                let before = try await falsification.text("SELECT \(kind.columns[0])::text FROM \(column.table) WHERE ctid = '\(row)'")
                let after = try await falsification.text(
                    "UPDATE \(column.table) SET \(assignment) WHERE ctid = '\(row)' RETURNING \(kind.columns[0])::text"
                )
                let issues = try await report(pool).issues
                let names = [try #require(before), try #require(after)].map { "\(kind.title) \($0)" }
                #expect(issues.contains { issue in names.contains { issue.contains($0) } }, "\(column): \(names) in \(issues)")
                try await falsification.restore(column.table)
                count += 1
            }
        }
        #expect(count > 0, "the sample has no value in \(column.table).\(column.name)")
    }

    @Test(
        "a record that is taken away, put in, exchanged or sealed twice is found and named",
        arguments: [
            ("DELETE FROM webhook_events WHERE event_id = 'evt_1'", "was sealed and is not there"),
            (insert("evt_forged"), "is in no seal"),
            (
                """
                INSERT INTO journal_record_seals SELECT gen_random_uuid(), 1, previous_digest, digest, kind, record_ids, record_digests,
                    sealed_at FROM journal_record_seals WHERE kind = 'charge'
                """, "is in 2 seals"
            ),
            ("DELETE FROM journal_record_seals WHERE kind = 'charge'", "is missing"),
            ("UPDATE journal_record_seals SET kind = 'unheard of' WHERE kind = 'charge'", "of a kind that is not known"),
            ("UPDATE manual_entry_transfers SET ordinal = 1 - ordinal", "is not as it was sealed"),
            ("UPDATE notification_deliveries SET ordinal = 3 - ordinal", "has no delivery that is its own"),
            ("DELETE FROM notification_deliveries WHERE ordinal = 1", "has no delivery that is its own"),
        ]
    )
    func forged(sql: String, named: String) async throws {
        let database = try await TestDatabase.migrated()
        try await database.withPool { try await Self.run(Self.sample, $0) }
        try await database.withPool(setup: Falsification.setup) { owner in
            let falsification = Falsification(pool: owner, tables: ["manual_entry_transfers"])
            try await falsification.prepare()
            try await falsification.run("ALTER TABLE manual_entry_transfers DROP CONSTRAINT manual_entry_transfers_pkey")
            try await falsification.run(sql)
        }
        let issues = try await database.withPool { try await Self.report($0).issues }
        #expect(issues.contains { $0.contains(named) }, "\(issues)")
    }

    @Test("a record whose commit comes late is sealed and anchored like all others, and one that is rolled back leaves nothing")
    func late() async throws {
        try await TestDatabase.migrated().withPool { pool in
            var anchors = JournalAnchors(ledger: Ledger(pool: pool))
            try await pool.withSession { slow in
                _ = try await slow.executeScript("BEGIN; \(Self.insert("slow"))")
                try await Self.run(Self.insert("quick"), pool)
                #expect(try await anchors.advance(at: SampleBook.begin)?.number == 1)
                let before = try await Self.report(pool)
                #expect(before.issues == [])
                #expect(before.recordCount == 1)
                _ = try await slow.executeScript("COMMIT")
                _ = try await slow.executeScript("BEGIN; \(Self.insert("undone")); ROLLBACK")
                _ = try await slow.executeScript(Self.insert("after"))
            }
            #expect(try await Self.report(pool).unanchoredSealCount == 2)
            #expect(try await anchors.advance(at: SampleBook.begin)?.number == 2)
            let report = try await Self.report(pool)
            #expect(report.issues == [])
            #expect(report.recordCount == 3)
            #expect(report.unanchoredSealCount == 0)
        }
    }

    @Test("many writers who meet the same events, with anchors between, leave seals that are right")
    func atOnce() async throws {
        try await TestDatabase.migrated().withPool(connections: 12) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<6 {
                    group.addTask {
                        for batch in 0..<15 {
                            try await Self.run(Self.insert("\(batch) ", count: 5 + writer), pool)
                        }
                    }
                }
                for ledger in [Ledger(pool: pool), Ledger(pool: pool)] {
                    group.addTask {
                        var anchors = JournalAnchors(ledger: ledger)
                        for second in 0..<15 { _ = try await anchors.advance(at: SampleBook.begin.advanced(by: .seconds(second))) }
                    }
                }
                try await group.waitForAll()
            }
            let report = try await Self.report(pool)
            #expect(report.issues == [])
            #expect(report.recordCount == 150)
        }
    }

    @Test("what was written before the seals were is sealed by the migration")
    func migrated() async throws {
        let database = try await TestDatabase.empty()
        _ = try await StorageMigrations.migrator(upTo: 11).migrate(connectionString: database.connectionString)
        try await database.withPool { try await Self.run(Self.sample, $0) }
        _ = try await StorageMigrations.migrator().migrate(connectionString: database.connectionString)
        try await database.withPool { pool in
            try await Self.run(Self.insert("later"), pool)
            let report = try await Self.report(pool)
            #expect(report.issues == [])
            #expect(report.recordCount == Self.recordCount + 1)
        }
    }

    @Test("the service can neither write a seal nor have one written")
    func privileges() async throws {
        try await TestDatabase.migrated().withPool { pool in
            for sql in [
                "SELECT seal_records('charge', ARRAY[gen_random_uuid()], ARRAY[sha256('x')])",
                "INSERT INTO journal_record_seals SELECT * FROM journal_record_seals",
            ] {
                let error = await #expect(throws: PostgresError.self) { try await Self.run(sql, pool) }
                #expect(error?.sqlState == "42501")
            }
        }
    }

    @Test("every column of a sealed table is sealed, or the service may change it")
    func complete() async throws {
        try await TestDatabase.migrated().withPool(setup: []) { pool in
            for kind in SealedRecord.allCases {
                let columns = try await pool.execute(
                    Statement(
                        "test_unchanging_columns",
                        """
                        SELECT column_name::text FROM information_schema.columns WHERE table_name = $1
                            AND NOT has_column_privilege('truvapay_service', $1, column_name, 'UPDATE')
                        """
                    ),
                    [.text(kind.table)]
                )
                #expect(try Set(columns.rows.map { try $0.text(0) }) == Set(kind.columns), "\(kind.table)")
            }
        }
    }

    @Test("a record's digest is over its columns in the form that is documented")
    func form() async throws {
        try await TestDatabase.migrated().withPool { pool in
            try await Self.run(Self.insert("evt_"), pool)
            let row = try await pool.execute(
                Statement("test_record_digest", "SELECT record_digests[1], record_ids[1] FROM journal_record_seals")
            )[0]
            var content = CanonicalBytes(capacity: 200)
            func add(_ type: Int32, _ bytes: [UInt8]) {
                content.append(type)
                content.append(Int32(bytes.count))
                content.append(raw: bytes)
            }
            content.append(Int32(7))
            content.append(Int32(2950))
            content.append(optional: try row.uuid(1))
            for text in ["stripe", "evt_1", "charge.succeeded", #"{"a":"b"}"#] { add(25, Array(text.utf8)) }
            add(17, Array(String(repeating: "body", count: 10).utf8))
            content.append(Int32(1184))
            // Microseconds since 2000-01-01: 2026-11-25T07:00:00.000001Z.
            content.append(optional: (Int64(1_795_590_000 - 946_684_800) * 1_000_000 + 1))
            #expect(try row.bytes(0) == SHA256.digest(content.bytes))
        }
    }
}
