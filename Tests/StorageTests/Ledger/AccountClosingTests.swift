import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Closing accounts")
struct AccountClosingTests {
    private static let now = SampleBook.begin

    private static func bank() throws -> LedgerAccount {
        LedgerAccount(name: try #require(AccountName("bank:kbank:THB")), asset: .thb, kind: .liability)
    }

    @Test("an account that payments are booked on stays open, for they would have nowhere to go")
    func neededByPayments() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let ledger = Ledger(pool: pool)
            let suspense = ChartOfAccounts.suspense(.promptPay, .thb)
            let requests = try ["a", "b"].map { try SampleBook.entry($0, SampleBook.clearing, suspense, 1) }
            #expect(try await ledger.post([requests[0]], at: Self.now) == [.created])
            for account in [suspense, SampleBook.clearing, SampleBook.payable] {
                #expect(try await ledger.close(account.name, reason: "gone", at: Self.now) == .usedByPayments)
            }
            #expect(try await ledger.post([requests[1]], at: Self.now) == [.created])
        }
    }

    @Test("a closed account takes nothing, in any order, and its neighbours do not suffer")
    func closed() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let ledger = Ledger(pool: pool)
            let wallet = try SampleBook.wallet("c1")
            let post = { (requests: [PostingRequest]) in try await ledger.post(requests, at: Self.now) }
            #expect(try await ledger.close(wallet.name, reason: "gone", at: Self.now) == .notFound)
            #expect(try await post([SampleBook.entry("a", SampleBook.clearing, wallet, 10)]) == [.created])
            #expect(try await ledger.close(wallet.name, reason: "gone", at: Self.now) == .closed)
            #expect(try await ledger.close(wallet.name, reason: "again", at: Self.now) == .alreadyClosed)
            // The same process, which knows the account from before, and another one, which does not.
            for other in [ledger, Ledger(pool: pool)] {
                let results = try await other.post(
                    [
                        SampleBook.entry("b", SampleBook.clearing, SampleBook.payable, 1),
                        SampleBook.entry("c", wallet, SampleBook.payable, 1),
                        SampleBook.entry("d", SampleBook.clearing, wallet, 1), SampleBook.entry("a", SampleBook.clearing, wallet, 10),
                    ],
                    at: Self.now
                )
                #expect(results[1...] == [.accountClosed, .accountClosed, .exists])
                #expect(results[0] == .created || results[0] == .exists)
            }
            #expect(try await SampleBook.issues(pool) == [])
        }
    }

    @Test("an account without a rule, which postings do not look at before they write, is closed as well")
    func unrestricted() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let ledger = Ledger(pool: pool)
            let bank = try Self.bank()
            let requests = try ["a", "b"].map { try SampleBook.entry($0, SampleBook.clearing, bank, 1) }
            #expect(try await ledger.post([requests[0]], at: Self.now) == [.created])
            #expect(try await ledger.close(bank.name, reason: "", at: Self.now) == .closed)
            #expect(try await ledger.post([requests[1]], at: Self.now) == [.accountClosed])
            #expect(try await SampleBook.issues(pool) == [])
        }
    }

    @Test("an account on which something is pending is not closed before that has ended")
    func pending() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let ledger = Ledger(pool: pool)
            let wallet = try SampleBook.wallet("c1")
            let held = try SampleBook.held("c1")
            _ = try await ledger.post(
                [
                    SampleBook.entry("a", SampleBook.clearing, wallet, 10),
                    SampleBook.entry("b", wallet, held, 4, phase: .pending(expiresAt: nil)),
                ],
                at: Self.now
            )
            #expect(try await ledger.close(wallet.name, reason: "gone", at: Self.now) == .hasPendingEntries)
            #expect(try await ledger.close(held.name, reason: "gone", at: Self.now) == .hasPendingEntries)
            #expect(try await ledger.post([SampleBook.ending("c", "b", .void)], at: Self.now) == [.created])
            #expect(try await ledger.close(wallet.name, reason: "gone", at: Self.now) == .closed)
            #expect(try await SampleBook.issues(pool) == [])
        }
    }

    @Test("closing while many post: each posting is wholly before it or refused")
    func race() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let ledger = Ledger(pool: pool)
            let account = try Self.bank()
            let results = try await withThrowingTaskGroup(of: [PostingResult].self) { group in
                for number in 0..<60 {
                    group.addTask {
                        try await ledger.post(
                            [
                                SampleBook.entry("to \(number)", SampleBook.clearing, account, 1),
                                SampleBook.entry("by \(number)", SampleBook.clearing, SampleBook.payable, 1),
                            ],
                            at: Self.now
                        )
                    }
                }
                group.addTask {
                    while try await ledger.close(account.name, reason: "race", at: Self.now) == .notFound {}
                    return []
                }
                return try await group.reduce(into: []) { $0 += [$1] }
            }
            let pairs = results.filter { !$0.isEmpty }
            #expect(pairs.allSatisfy { $0[1] == .created && ($0[0] == .created || $0[0] == .accountClosed) })
            #expect(try await ledger.post([SampleBook.entry("late", SampleBook.clearing, account, 1)], at: Self.now) == [.accountClosed])
            let created = pairs.filter { $0[0] == .created }.count
            let balance = try await LedgerReads.trialBalance(on: pool).accounts.first { $0.account.name == account.name }
            #expect(balance?.balance.minorUnits == Int128(created))
            #expect(try await SampleBook.issues(pool) == [])
        }
    }

    @Test("what was closed stays closed, for the service and for the owner")
    func reopening() async throws {
        let database = try await TestDatabase.migrated()
        try await database.withPool { _ = try await SampleBook(pool: $0).write() }
        for setup in [StorageSession.setup, []] {
            try await database.withPool(setup: setup) { pool in
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await pool.withSession { try await $0.executeScript("UPDATE ledger_accounts SET closed_at = NULL") }
                }
                #expect(error?.sqlState == "23000")
            }
        }
    }
}
