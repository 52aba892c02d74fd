import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Ledger in PostgreSQL")
struct LedgerPostingTests {
    private static let payable = ChartOfAccounts.ordersPayable(.thb)
    private static let clearing = ChartOfAccounts.clearing(.promptPay, .thb)
    private static let now = Timestamp(seconds: 1_795_460_000)

    private static func entry(
        _ cause: String,
        _ debit: LedgerAccount,
        _ credit: LedgerAccount,
        _ satang: Int128
    ) throws -> PostingRequest {
        var random = SystemRandomNumberGenerator()
        let transfer = try Transfer(debit: debit, credit: credit, amount: Amount(minorUnits: satang, asset: debit.asset))
        let entry = JournalEntry(cause: EntryCause(cause), kind: .manual, transfer, chargeID: nil, occurredAt: now)
        return PostingRequest(EntryID(at: now, random: &random), entry)
    }

    private static func issues(_ pool: ConnectionPool) async throws -> [String] {
        try await LedgerVerification.verify(on: pool) { _ in }.issues
    }

    @Test("each entry of a bulk posting has its own result, and the books stay right")
    func results() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let wallet = try #require(ChartOfAccounts.wallet(customer: "c1", .thb))
            let first = try await Ledger(pool: pool).post(
                [
                    Self.entry("deposit", Self.clearing, wallet, 100), Self.entry("too much", wallet, Self.payable, 101),
                    Self.entry("spend", wallet, Self.payable, 60),
                ],
                at: Self.now
            )
            #expect(first == [.created, .wouldExceedBalance, .created])
            let imposter = LedgerAccount(name: Self.payable.name, asset: .thb, kind: .asset)
            let second = try await Ledger(pool: pool).post(
                [
                    Self.entry("deposit", Self.clearing, wallet, 100), Self.entry("deposit", Self.clearing, wallet, 99),
                    Self.entry("mismatch", Self.clearing, imposter, 1), Self.entry("rest", wallet, Self.payable, 40),
                ],
                at: Self.now
            )
            #expect(second == [.exists, .existsWithDifferentContent, .accountMismatch, .created])
            #expect(try await Self.issues(pool).isEmpty)
            let balance = try await LedgerReads.trialBalance(on: pool)
            #expect(balance.isBalanced)
            #expect(balance.accounts.first { $0.account.name == wallet.name }?.balance.minorUnits == 0)
        }
    }

    @Test("of a hundred who spend at once a wallet that holds money for ten, exactly ten succeed")
    func concurrentSpending() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let wallet = try #require(ChartOfAccounts.wallet(customer: "c1", .thb))
            _ = try await Ledger(pool: pool).post([Self.entry("deposit", Self.clearing, wallet, 1000)], at: Self.now)
            let created = try await withThrowingTaskGroup(of: PostingResult.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        try await Ledger(pool: pool).post([Self.entry("spend \(number)", wallet, Self.payable, 100)], at: Self.now)[0]
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 == .created ? 1 : 0 }
            }
            #expect(created == 10)
            #expect(try await Self.issues(pool).isEmpty)
        }
    }

    @Test("one cause posted by many at once is booked once")
    func concurrentCause() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let results = try await withThrowingTaskGroup(of: PostingResult.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await Ledger(pool: pool).post([Self.entry("same", Self.clearing, Self.payable, 5)], at: Self.now)[0]
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.filter { $0 == .created }.count == 1)
            #expect(results.filter { $0 == .exists }.count == 19)
            #expect(try await Self.issues(pool).isEmpty)
        }
    }

    @Test("random postings by four writers on few accounts leave the books right")
    func randomPostings() async throws {
        try await TestDatabase.migrated().withPool { pool in
            var random = SeededRandom.printed("postings")
            let accounts =
                try [Self.clearing, Self.payable] + (0..<3).map { try #require(ChartOfAccounts.wallet(customer: "c\($0)", .thb)) }
            let batches = try (0..<40).map { batch in
                try (0..<25).map { index in
                    let pair = accounts.shuffled(using: &random)
                    return try Self.entry("\(batch)-\(index)", pair[0], pair[1], Int128.random(in: 1...500, using: &random))
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for index in stride(from: writer, to: batches.count, by: 4) {
                            _ = try await Ledger(pool: pool).post(batches[index], at: Self.now)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await Self.issues(pool).isEmpty)
        }
    }

    @Test(
        "the service cannot change or remove what was written, nor can anybody else",
        arguments: ["journal_entries", "transfers", "ledger_accounts", "webhook_events", "notifications"]
    )
    func writtenOnce(table: String) async throws {
        let database = try await TestDatabase.migrated()
        try await database.withPool { pool in
            _ = try await Ledger(pool: pool).post([Self.entry("a", Self.clearing, Self.payable, 5)], at: Self.now)
            for verb in ["DELETE FROM \(table)", "TRUNCATE \(table)", "UPDATE \(table) SET id = id"]
            where table != "transfers" || !verb.hasPrefix("UPDATE") {
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await pool.withSession { try await $0.executeScript(verb) }
                }
                #expect(error?.sqlState == "42501", "\(verb)")
            }
        }
        try await database.withPool(setup: []) { pool in
            let verbs = [
                "DELETE FROM \(table)", "TRUNCATE \(table)", "UPDATE \(table) SET \(table == "transfers" ? "amount = amount" : "id = id")",
            ]
            for verb in verbs {
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await pool.withSession { try await $0.executeScript(verb) }
                }
                #expect(error?.sqlState == "23000", "\(verb)")
            }
        }
    }
}
