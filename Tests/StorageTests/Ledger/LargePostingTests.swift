import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Posting in parts", .timeLimit(.minutes(10)))
struct LargePostingTests {
    /// Requests of which some cannot be met, many linked, some of one cause, some pending and ended again within the same call.
    private static func requests(_ count: Int, _ random: inout SeededRandom) throws -> [PostingRequest] {
        let accounts =
            try [SampleBook.clearing, SampleBook.payable] + (0..<4).map { try SampleBook.wallet("c\($0)") }
        return try (0..<count).map { index in
            let pair = accounts.shuffled(using: &random)
            let isPending = Int.random(in: 0..<6, using: &random) == 0
            let entry = try SampleBook.entry(
                "cause \(Int.random(in: 0...20, using: &random) == 0 ? 0 : index)",
                pair[0],
                pair[1],
                Int128.random(in: 1...500, using: &random),
                phase: isPending ? .pending(expiresAt: nil) : .posted
            )
            guard case .entry(let content) = entry.content else { return entry }
            let isLinked = Int.random(in: 0..<3, using: &random) == 0
            return PostingRequest(entry.id, content, isLinkedToNext: isLinked)
        }
    }

    /// The same requests, a few at a time; what is linked stays together.
    private static func inPieces(_ requests: [PostingRequest]) -> [[PostingRequest]] {
        var pieces: [[PostingRequest]] = [[]]
        for request in requests {
            pieces[pieces.count - 1].append(request)
            if pieces[pieces.count - 1].count >= 20, !request.isLinkedToNext { pieces.append([]) }
        }
        return pieces
    }

    @Test("a large call has the results of many small ones, and leaves the same balances", arguments: [199, 200, 450, 1200])
    func parts(count: Int) async throws {
        var random = SeededRandom.printed("posting in parts")
        let requests = try Self.requests(count, &random)
        let (whole, balances) = try await TestDatabase.migrated().withPool { pool in
            let results = try await Ledger(pool: pool).post(requests, at: SampleBook.begin)
            let balances = try await Self.balances(pool)
            // The same again finds everything that was created.
            let again = try await Ledger(pool: pool).post(requests, at: SampleBook.begin)
            for (first, second) in zip(results, again) where first == .created { #expect(second == .exists) }
            return (results, balances)
        }
        try await TestDatabase.migrated().withPool { pool in
            let ledger = Ledger(pool: pool)
            var results: [PostingResult] = []
            for piece in Self.inPieces(requests) { results += try await ledger.post(piece, at: SampleBook.begin) }
            #expect(results == whole)
            #expect(try await Self.balances(pool) == balances)
        }
        #expect(Set(whole).count > 2)
    }

    @Test("two requests of one name, of which one is refused, leave a digest that is right")
    func repeatedName() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let empty = try SampleBook.wallet("empty")
            let first = try SampleBook.entry("first", SampleBook.clearing, SampleBook.payable, 5)
            let second = try SampleBook.entry("second", empty, SampleBook.payable, 6)
            guard case .entry(let content) = second.content else { return }
            let results = try await Ledger(pool: pool).post([first, PostingRequest(first.id, content)], at: SampleBook.begin)
            #expect(results == [.created, .wouldExceedBalance])
            #expect(try await SampleBook.issues(pool) == [])
        }
    }

    private static func balances(_ pool: ConnectionPool) async throws -> [String] {
        #expect(try await SampleBook.issues(pool) == [])
        return try await pool.execute(
            Statement(
                "test_last_balances",
                """
                SELECT DISTINCT ON (a.name) a.name || ' ' || debits_posted || ' ' || credits_posted || ' ' || debits_pending || ' '
                    || credits_pending
                FROM ledger_balances b JOIN ledger_accounts a ON a.id = b.account_id ORDER BY a.name, b.version DESC
                """
            )
        ).rows.map { try $0.text(0) }
    }
}
