import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Anchors")
struct JournalAnchorsTests {
    private static func post(_ cause: String, by ledger: Ledger) async throws {
        let results = try await ledger.post([SampleBook.entry(cause, SampleBook.clearing, SampleBook.payable, 1)], at: SampleBook.begin)
        #expect(results == [.created])
    }

    @Test("an anchor is written when chains have grown, and only then")
    func growth() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let ledger = Ledger(pool: pool)
            var anchors = JournalAnchors(ledger: ledger)
            #expect(try await anchors.advance(at: SampleBook.begin) == nil)
            try await Self.post("a", by: ledger)
            #expect(try await anchors.advance(at: SampleBook.begin)?.number == 1)
            #expect(try await anchors.advance(at: SampleBook.begin) == nil)
            try await Self.post("b", by: ledger)
            try await Self.post("c", by: ledger)
            #expect(try await anchors.advance(at: SampleBook.begin)?.number == 2)
            let report = try await LedgerVerification.verify(on: pool) { _ in }
            #expect(report.issues == [])
            #expect(report.unanchoredSealCount == 0)
            #expect(report.anchorDigest == report.bookDigest)
        }
    }

    @Test("several gateways anchor the chains of all, and learn from each other")
    func gateways() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let ledgers = [Ledger(pool: pool), Ledger(pool: pool)]
            var first = JournalAnchors(ledger: ledgers[0])
            var second = JournalAnchors(ledger: ledgers[1])
            try await Self.post("a", by: ledgers[0])
            try await Self.post("b", by: ledgers[1])
            #expect(try await first.advance(at: SampleBook.begin)?.number == 1)
            try await Self.post("c", by: ledgers[1])
            #expect(try await second.advance(at: SampleBook.begin)?.number == 2)
            // Everything is anchored, whoever did it.
            #expect(try await first.advance(at: SampleBook.begin) == nil)
            #expect(try await LedgerVerification.verify(on: pool) { _ in }.unanchoredSealCount == 0)
        }
    }

    @Test("of gateways that anchor at the same moment none fails, and the anchors are a chain")
    func atOnce() async throws {
        try await TestDatabase.migrated().withPool { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for gateway in 0..<6 {
                    group.addTask {
                        let ledger = Ledger(pool: pool)
                        var anchors = JournalAnchors(ledger: ledger)
                        for round in 0..<10 {
                            try await Self.post("\(gateway) \(round)", by: ledger)
                            _ = try await anchors.advance(at: SampleBook.begin)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let report = try await LedgerVerification.verify(on: pool) { _ in }
            #expect(report.issues == [])
            #expect(report.anchorCount > 6)
        }
    }

    @Test("a chain that begins after an anchor names it")
    func origin() async throws {
        try await TestDatabase.migrated().withPool { pool in
            try await Self.post("a", by: Ledger(pool: pool))
            let ledger = Ledger(pool: pool)
            var anchors = JournalAnchors(ledger: ledger)
            let anchor = try #require(try await anchors.advance(at: SampleBook.begin))
            try await Self.post("b", by: ledger)
            let origins = try await pool.execute(
                Statement("test_origins", "SELECT count(*) FROM journal_seals WHERE number = 1 AND previous_digest = $1"),
                [.bytes(anchor.digest)]
            )
            #expect(try origins[0].int64(0) == 1)
            #expect(try await SampleBook.issues(pool) == [])
        }
    }
}
