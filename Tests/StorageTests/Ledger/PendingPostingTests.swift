import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Two-phase and linked entries in PostgreSQL", .timeLimit(.minutes(10)))
struct PendingPostingTests {
    private static let now = SampleBook.begin
    private static let later = SampleBook.begin.advanced(by: .seconds(60))

    /// A database in which a wallet holds `balance`.
    private static func withWallet(_ balance: Int128, _ body: (ConnectionPool, LedgerAccount, LedgerAccount) async throws -> Void)
        async throws
    {
        try await TestDatabase.migrated().withPool(connections: 12) { pool in
            let wallet = try SampleBook.wallet("c1")
            let results = try await Ledger(pool: pool).post([SampleBook.entry("deposit", SampleBook.clearing, wallet, balance)], at: now)
            #expect(results == [.created])
            try await body(pool, wallet, try SampleBook.held("c1"))
            #expect(try await SampleBook.issues(pool) == [])
        }
    }

    private static func standing(_ account: LedgerAccount, _ pool: ConnectionPool) async throws -> AccountBalance? {
        try await LedgerReads.trialBalance(on: pool).accounts.first { $0.account.name == account.name }?.sides
    }

    /// What each of many says who do something at once.
    private static func atOnce(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> PostingResult) async throws
        -> [PostingResult]
    {
        try await withThrowingTaskGroup(of: PostingResult.self) { group in
            for number in 0..<count { group.addTask { try await body(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("of a hundred who reserve at once from a wallet that holds money for ten, exactly ten succeed")
    func reservations() async throws {
        try await Self.withWallet(1000) { pool, wallet, held in
            let ledger = Ledger(pool: pool)
            let results = try await Self.atOnce(100) { number in
                try await ledger.post(
                    [SampleBook.entry("hold \(number)", wallet, held, 100, phase: .pending(expiresAt: nil))],
                    at: Self.now
                )[0]
            }
            #expect(results.filter { $0 == .created }.count == 10)
            #expect(results.filter { $0 == .wouldExceedBalance }.count == 90)
            let sides = try await Self.standing(wallet, pool)
            #expect(sides?.available(of: .liability) == 0)
            #expect(sides?.posted(of: .liability) == 1000)
        }
    }

    @Test("of many who end one pending entry at once, exactly one does")
    func resolvers() async throws {
        try await Self.withWallet(1000) { pool, wallet, held in
            let ledgers = [Ledger(pool: pool), Ledger(pool: pool)]
            for round in 0..<10 {
                let pending = "hold \(round)"
                let hold = try SampleBook.entry(pending, wallet, held, 50, phase: .pending(expiresAt: nil))
                #expect(try await ledgers[0].post([hold], at: Self.now) == [.created])
                let results = try await Self.atOnce(12) { number in
                    let outcome: PendingResolution.Outcome = number % 3 == 0 ? .post : number % 3 == 1 ? .void : .postPart([20])
                    let ending = SampleBook.ending("end \(round) \(number)", pending, outcome)
                    return try await ledgers[number % 2].post([ending], at: Self.now)[0]
                }
                #expect(results.filter { $0 == .created }.count == 1)
                #expect(results.filter { $0 == .pendingAlreadyResolved }.count == 11)
            }
            #expect(try await Self.standing(wallet, pool)?.debitsPending == 0)
        }
    }

    @Test("posting in part moves the part and releases the rest; voiding releases all")
    func parts() async throws {
        try await Self.withWallet(1000) { pool, wallet, held in
            let ledger = Ledger(pool: pool)
            let holds = try ["a", "b", "c"].map { try SampleBook.entry($0, wallet, held, 300, phase: .pending(expiresAt: nil)) }
            #expect(try await ledger.post(holds, at: Self.now) == [.created, .created, .created])
            #expect(try await Self.standing(wallet, pool)?.available(of: .liability) == 100)
            let ends = [
                SampleBook.ending("a part", "a", .postPart([120])), SampleBook.ending("b void", "b", .void),
                SampleBook.ending("c too much", "c", .postPart([301])), SampleBook.ending("d", "not there", .post),
            ]
            #expect(try await ledger.post(ends, at: Self.now) == [.created, .created, .exceedsPendingAmount, .pendingNotFound])
            #expect(try await ledger.post(Array(ends[..<2]), at: Self.now) == [.exists, .exists])
            let sides = try await Self.standing(wallet, pool)
            #expect(sides?.posted(of: .liability) == 880)
            #expect(sides?.available(of: .liability) == 580)
        }
    }

    @Test("when its time is over a pending entry can only expire, and before only be posted or voided")
    func expiry() async throws {
        try await Self.withWallet(1000) { pool, wallet, held in
            let ledger = Ledger(pool: pool)
            let hold = try SampleBook.entry("a", wallet, held, 300, phase: .pending(expiresAt: Self.later))
            #expect(try await ledger.post([hold], at: Self.now) == [.created])
            #expect(try await ledger.post([SampleBook.ending("early", "a", .expire)], at: Self.now) == [.pendingNotExpired])
            #expect(try await ledger.post([SampleBook.ending("late", "a", .post)], at: Self.later) == [.pendingExpired])
            let results = try await Self.atOnce(8) { number in
                try await ledger.post([SampleBook.ending("expire", "a", .expire, at: Self.later)], at: Self.later)[0]
            }
            #expect(results.filter { $0 == .created }.count == 1)
            #expect(results.filter { $0 == .exists }.count == 7)
            #expect(try await Self.standing(wallet, pool)?.available(of: .liability) == 1000)
        }
    }

    @Test("linked entries are written together or not at all, whoever else posts")
    func linked() async throws {
        try await Self.withWallet(1000) { pool, wallet, held in
            let other = try SampleBook.wallet("c2")
            let ledger = Ledger(pool: pool)
            let results = try await withThrowingTaskGroup(of: [PostingResult].self) { group in
                for number in 0..<40 {
                    group.addTask {
                        // The second cannot be paid without the first, and the first needs what is left in the wallet.
                        let first = try SampleBook.entry("first \(number)", wallet, other, 100)
                        let second = try SampleBook.entry("second \(number)", other, SampleBook.payable, 100)
                        return try await ledger.post(
                            [
                                PostingRequest(first.id, try #require(first.journalEntry), isLinkedToNext: true), second,
                                SampleBook.entry("neighbour \(number)", SampleBook.clearing, SampleBook.payable, 1),
                            ],
                            at: Self.now
                        )
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.filter { $0 == [.created, .created, .created] }.count == 10)
            #expect(results.filter { $0[0] == .wouldExceedBalance && $0[1] != .created && $0[2] == .created }.count == 30)
            #expect(try await Self.standing(other, pool)?.posted(of: .liability) == 0)
        }
    }

    @Test("serialization failures are tried again and leave the chains whole")
    func serializationFailures() async throws {
        let database = try await TestDatabase.migrated()
        try await database.withPool(setup: []) { owner in
            _ = try await owner.withSession { try await $0.executeScript(Self.failSometimes) }
        }
        try await database.withPool { pool in
            let ledger = Ledger(pool: pool)
            let results = try await Self.atOnce(60) { number in
                try await ledger.post([SampleBook.entry("\(number)", SampleBook.clearing, SampleBook.payable, 1)], at: Self.now)[0]
            }
            #expect(results.allSatisfy { $0 == .created })
            let report = try await LedgerVerification.verify(on: pool) { _ in }
            #expect(report.issues == [])
            #expect(report.sealCount == 60)
        }
    }

    private static let failSometimes = """
        CREATE FUNCTION fail_sometimes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF random() < 0.3 THEN RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER fail_sometimes AFTER INSERT ON journal_seals FOR EACH ROW EXECUTE FUNCTION fail_sometimes();
        """

    @Test("after a lost answer to COMMIT the same requests tell what is there, and the chains are whole")
    func lostCommit() async throws {
        let database = try await TestDatabase.migrated()
        let proxy = try DatabaseProxy(socketFolder: try #require(database.socketFolder))
        defer { proxy.close() }
        try await database.through(port: proxy.port).withPool(connections: 2) { pool in
            let ledger = Ledger(pool: pool)
            var lost = 0
            for number in 0..<12 {
                let request = try SampleBook.entry("\(number)", SampleBook.clearing, SampleBook.payable, 1)
                if number % 3 == 1 { proxy.behave { $0.commitsToLose = 1 } }
                do {
                    #expect(try await ledger.post([request], at: Self.now) == [.created])
                } catch let error as PostgresError where error.code == .commitOutcomeUnknown {
                    lost += 1
                    #expect(try await ledger.post([request], at: Self.now) == [.exists])
                }
            }
            #expect(lost == 4)
        }
        try await database.withPool { pool in
            let report = try await LedgerVerification.verify(on: pool) { _ in }
            #expect(report.issues == [])
            #expect(report.entryCount == 12)
        }
    }
}

extension PostingRequest {
    fileprivate var journalEntry: JournalEntry? { if case .entry(let entry) = content { entry } else { nil } }
}

extension TestDatabase {
    private var fields: [String: String] {
        Dictionary(
            uniqueKeysWithValues: connectionString.split(separator: " ").compactMap { field in
                let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
                return parts.count == 2 ? (parts[0], parts[1].filter { $0 != "'" }) : nil
            }
        )
    }

    fileprivate var socketFolder: String? { fields["host"] }

    /// The same database through a proxy.
    fileprivate func through(port: Int) -> TestDatabase {
        let through = fields.merging(["host": "127.0.0.1", "port": "\(port)", "sslmode": "disable"]) { _, new in new }
        return TestDatabase(connectionString: through.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
    }
}
