import Gateway
import Logging
import Payments
import PostgreSQL
import Storage
import StrictJSON
import TestSupport
import Testing

@Suite("Pending entries end by themselves")
struct PendingExpiryTests {
    private static let wallet = ChartOfAccounts.wallet(customer: "c", .thb)

    /// Pays into the wallet and reserves from it, `count` times, until `expiresAt`.
    private static func reserve(_ count: Int, until expiresAt: Timestamp, _ pool: ConnectionPool, at now: Timestamp) async throws {
        var random = SystemRandomNumberGenerator()
        let wallet = try #require(wallet)
        let one = Amount(minorUnits: 100, asset: .thb)
        let funds = Amount(minorUnits: 100 * Int128(count), asset: .thb)
        let payment = try JournalEntry(
            cause: EntryCause("funds"),
            kind: .manual,
            Transfer(debit: ChartOfAccounts.winnings(.thb), credit: wallet, amount: funds),
            chargeID: nil,
            occurredAt: now
        )
        let holds = try (0..<count).map { number in
            let transfer = try Transfer(debit: wallet, credit: ChartOfAccounts.ordersPayable(.thb), amount: one)
            let cause = EntryCause("hold \(number)")
            let phase = JournalEntry.Phase.pending(expiresAt: expiresAt)
            return JournalEntry(cause: cause, kind: .reservation, phase: phase, transfer, chargeID: nil, occurredAt: now)
        }
        let requests = ([payment] + holds).map { PostingRequest(EntryID(at: now, random: &random), $0) }
        #expect(try await Ledger(pool: pool).post(requests, at: now).allSatisfy { $0 == .created })
    }

    @Test("two gateways at once end each entry once, in batches, and only what is over")
    func twoGateways() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let now = Timestamp(seconds: 1_795_460_000)
            let end = now.advanced(by: .seconds(60))
            try await Self.reserve(1_300, until: end, pool, at: now)
            let early = PendingExpiry(ledger: Ledger(pool: pool), surroundings: Surroundings { now }, logger: Logger(label: "early"))
            #expect(try await early.expireBatch() == 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<2 {
                    group.addTask {
                        let ledger = Ledger(pool: pool)
                        let expiry = PendingExpiry(ledger: ledger, surroundings: Surroundings { end }, logger: Logger(label: "\(number)"))
                        while try await expiry.expireBatch() > 0 {}
                    }
                }
                try await group.waitForAll()
            }
            var filter = JournalFilter()
            filter.from = end
            let ends = try await JournalReads.list(filter, after: nil, limit: 5_000, on: pool)
            #expect(ends.count == 1_300 && ends.allSatisfy { $0.phase == .expire && $0.occurredAt == end })
            #expect(Set(ends.map(\.cause.text)) == Set((0..<1_300).map { "expired:hold \($0)" }))
            let wallet = try #require(Self.wallet)
            let standing = try #require(try await LedgerReads.account(wallet.name, at: nil, on: pool))
            #expect(standing.available.minorUnits == 130_000 && standing.held.minorUnits == 0)
            #expect(try await LedgerVerification.verify(on: pool) { _ in }.issues == [])
        }
    }

    @Test("a running gateway does it by its clock, and the wallet shows held and available")
    func serving() async throws {
        let database = try await TestDatabase.migrated()
        try await Stage.run(database: database.connectionString, simulators: ["order-core"]) { stage, _ in
            try await database.withPool { pool in
                let now = Surroundings.system.now()
                try await Self.reserve(3, until: now.advanced(by: .seconds(5)), pool, at: now)
            }
            let held = try await stage.get("/v1/wallets/c").json["balances"]?.array?.first
            #expect(held?["posted"]?.string == "3.00" && held?["held"]?.string == "3.00" && held?["available"]?.string == "0.00")
            let isFree = try await waitUntil(.seconds(90)) {
                try await stage.get("/v1/wallets/c").json["balances"]?.array?.first?["available"]?.string == "3.00"
            }
            #expect(isFree)
            let entries = try await stage.all("/v1/wallets/c/entries")
            #expect(
                entries.map { $0["phase"]?.string } == Array(repeating: "expire", count: 3) + Array(repeating: "pending", count: 3) + [
                    "posted"
                ]
            )
            #expect(entries.map { $0["available"]?.string } == ["3.00", "2.00", "1.00", "0.00", "1.00", "2.00", "3.00"])
            let pending = try await stage.all("/v1/ledger/entries").first { $0["phase"]?.string == "pending" }
            let ending = try await stage.get("/v1/ledger/entries/\(pending?["ended_by"]?.string ?? "")").json
            #expect(ending["phase"]?.string == "expire" && ending["pending_entry_id"] == pending?["id"])
            #expect(try await stage.booksAreRight())
        }
    }
}
