import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("The version of a balance that a process remembers", .timeLimit(.minutes(10)))
struct CommittedVersionTests {
    /// The newest balance of the customer's wallet: its version, what was debited and what was credited.
    private static func newest(_ pool: ConnectionPool) async throws -> [String] {
        try await pool.execute(
            Statement(
                "test_newest_balance",
                """
                SELECT version || ' ' || debits_posted || ' ' || credits_posted FROM ledger_balances b
                JOIN ledger_accounts a ON a.id = b.account_id WHERE a.name = $1 ORDER BY version DESC LIMIT 1
                """
            ),
            [.text(try SampleBook.wallet("c1").name.text)]
        ).rows.map { try $0.text(0) }
    }

    private static func pay(_ cause: String, _ amount: Int128, into isInto: Bool, _ ledger: Ledger) async throws -> PostingResult? {
        let wallet = try SampleBook.wallet("c1")
        let debit = isInto ? SampleBook.clearing : wallet
        let credit = isInto ? wallet : SampleBook.payable
        return try await ledger.post([SampleBook.entry(cause, debit, credit, amount)], at: SampleBook.begin).first
    }

    @Test("versions that another process added are built upon, and its money can be spent")
    func overtaken() async throws {
        try await TestDatabase.migrated().withPool { pool async throws in
            let ours = Ledger(pool: pool)
            let others = Ledger(pool: pool)
            #expect(try await Self.pay("ours", 10, into: true, ours) == .created)
            for index in 0..<300 { #expect(try await Self.pay("other \(index)", 1, into: true, others) == .created) }
            #expect(try await Self.pay("too much", 311, into: false, ours) == .wouldExceedBalance)
            #expect(try await Self.pay("all", 310, into: false, ours) == .created)
            #expect(try await Self.newest(pool) == ["302 310 310"])
            #expect(try await SampleBook.issues(pool) == [])
        }
    }

    @Test("a database that has lost the newest versions, as a standby may, is built upon as it is")
    func lost() async throws {
        let database = try await TestDatabase.migrated()
        try await database.withPool { pool async throws in
            let ledger = Ledger(pool: pool)
            for index in 0..<3 { #expect(try await Self.pay("deposit \(index)", 10, into: true, ledger) == .created) }
            try await database.withPool(setup: Falsification.setup) { owner in
                _ = try await owner.execute(Statement("test_lose", "DELETE FROM ledger_balances WHERE version > 1"))
            }
            #expect(try await Self.pay("too much", 11, into: false, ledger) == .wouldExceedBalance)
            #expect(try await Self.pay("spent", 4, into: false, ledger) == .created)
            #expect(try await Self.newest(pool) == ["2 4 10"])
        }
    }
}
