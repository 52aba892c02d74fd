import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Verification", .timeLimit(.minutes(10)))
struct VerificationTests {
    @Test("a book with every kind of row is right, and is counted")
    func everyKind() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let head = try await SampleBook(pool: pool).write()
            let report = try await LedgerVerification.verify(on: pool, expecting: head) { _ in }
            #expect(report.issues == [])
            #expect(report.entryCount == 18)
            #expect(report.transferCount == 19)
            // The second gateway has not read the first anchor, and anchors once more what only that one holds.
            #expect(report.anchorCount == 4)
            #expect(report.anchorDigest == head)
            #expect(report.unanchoredSealCount == 1)
            #expect(report.bookDigest != head)
            // The whole book as it is now is part of itself, and any other digest is not.
            #expect(try await SampleBook.issues(pool, expecting: report.bookDigest) == [])
            var other = head
            other[0] ^= 1
            #expect(try await SampleBook.issues(pool, expecting: other).count == 1)
        }
    }

    @Test("an empty book is right")
    func empty() async throws {
        let issues = try await TestDatabase.migrated().withPool { try await SampleBook.issues($0) }
        #expect(issues == [])
    }

    @Test("random postings, reservations, ends and refusals by many writers with anchors between leave a book that is right")
    func random() async throws {
        try await TestDatabase.migrated().withPool(connections: 12) { pool in
            var random = SeededRandom.printed("verification")
            let seeds = (0..<6).map { _ in UInt64.random(in: 0...UInt64.max, using: &random) }
            let ledgers = [Ledger(pool: pool), Ledger(pool: pool)]
            try await withThrowingTaskGroup(of: Void.self) { anchoring in
                for ledger in ledgers {
                    anchoring.addTask {
                        var anchors = JournalAnchors(ledger: ledger)
                        for second in 0... {
                            _ = try await anchors.advance(at: SampleBook.begin.advanced(by: .seconds(second)))
                            try await Task.sleep(for: .milliseconds(30))
                        }
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { writing in
                    for (writer, seed) in seeds.enumerated() {
                        writing.addTask { try await Self.post(as: writer, seed, by: ledgers[writer % 2]) }
                    }
                    try await writing.waitForAll()
                }
                anchoring.cancelAll()
            }
            let report = try await LedgerVerification.verify(on: pool) { _ in }
            #expect(report.issues == [])
            #expect(report.entryCount > 500)
            #expect(report.anchorCount > 3)
        }
    }

    private static func post(as writer: Int, _ seed: UInt64, by ledger: Ledger) async throws {
        var random = SeededRandom(seed: seed)
        let accounts =
            try [SampleBook.clearing, SampleBook.payable]
            + (0..<3).flatMap { try [SampleBook.wallet("c\($0)"), SampleBook.held("c\($0)")] }
        for batch in 0..<25 {
            let requests = try (0..<12).map { index -> PostingRequest in
                let cause = "\(writer)-\(batch)-\(index)"
                let pair = accounts.shuffled(using: &random)
                let minorUnits = Int128.random(in: 1...500, using: &random)
                switch Int.random(in: 0..<8, using: &random) {
                case 0...3: return try SampleBook.entry(cause, pair[0], pair[1], minorUnits)
                case 4, 5: return try SampleBook.entry(cause, pair[0], pair[1], minorUnits, phase: .pending(expiresAt: nil))
                default:
                    let pending = "\(Int.random(in: 0..<6, using: &random))-\(batch)-\(Int.random(in: 0..<12, using: &random))"
                    return SampleBook.ending(
                        cause,
                        pending,
                        [.post, .void, .postPart([minorUnits])].randomElement(using: &random) ?? .void
                    )
                }
            }
            _ = try await ledger.post(requests, at: SampleBook.begin.advanced(by: .milliseconds(batch)))
        }
    }

    @Test("a book that was written before seals and histories were kept is right after the migration")
    func migrated() async throws {
        let database = try await TestDatabase.empty()
        let steps = try StorageMigrations.all()
        _ = try await StorageMigrations.migrator(upTo: 4).migrate(connectionString: database.connectionString)
        try await database.withPool(setup: []) { pool in
            _ = try await pool.withSession { try await $0.executeScript(Self.oldBook) }
        }
        let applied = try await StorageMigrations.migrator().migrate(connectionString: database.connectionString)
        #expect(applied.count == steps.count - 4)
        try await database.withPool { pool in
            let report = try await LedgerVerification.verify(on: pool) { _ in }
            #expect(report.issues == [])
            #expect(report.entryCount == 300)
            #expect(report.transferCount == 400)
            // And it goes on from there, on accounts that are there already.
            let ledger = Ledger(pool: pool)
            #expect(
                try await ledger.post([SampleBook.entry("new", SampleBook.clearing, SampleBook.payable, 5)], at: SampleBook.begin) == [
                    .created
                ]
            )
            #expect(try await SampleBook.issues(pool) == [])
        }
    }

    /// Three hundred entries as they were written up to migration 4, a hundred of them with two transfers.
    private static let oldBook = """
        INSERT INTO ledger_accounts (id, name, asset, class, rule, created_at)
        SELECT (substr(encode(sha256(convert_to('account:' || name, 'UTF8')), 'hex'), 1, 32))::uuid, name, 'THB', class, rule, now()
        FROM (VALUES ('provider:promptpay:clearing:THB', 'asset', 'unrestricted'), ('orders:payable:THB', 'liability', 'unrestricted'),
            ('customer:c1:wallet:THB', 'liability', 'debits_must_not_exceed_credits')) AS a(name, class, rule);
        INSERT INTO journal_entries (id, cause, kind, occurred_at, posted_at, content_digest)
        SELECT (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n * 7919), 12, '0'))::uuid, 'old ' || n, 'manual',
            '2026-01-01Z'::timestamptz + n * interval '1 second', '2026-01-01Z'::timestamptz + n * interval '2 seconds', 'old'
        FROM generate_series(1, 300) AS n;
        INSERT INTO transfers SELECT e.id, 0, d.id, c.id, 'THB', 10 + row_number() OVER (ORDER BY e.id) FROM journal_entries e,
            ledger_accounts d, ledger_accounts c WHERE d.class = 'asset' AND c.name = 'customer:c1:wallet:THB';
        INSERT INTO transfers SELECT e.id, 1, d.id, c.id, 'THB', 5 FROM (SELECT * FROM journal_entries ORDER BY id LIMIT 100) e,
            ledger_accounts d, ledger_accounts c WHERE d.name = 'customer:c1:wallet:THB' AND c.name = 'orders:payable:THB';
        INSERT INTO ledger_balances (account_id, rule, debits_posted, credits_posted)
        SELECT a.id, a.rule, coalesce((SELECT sum(amount) FROM transfers WHERE debit_account_id = a.id), 0),
            coalesce((SELECT sum(amount) FROM transfers WHERE credit_account_id = a.id), 0) FROM ledger_accounts a;
        """
}
