import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Manual entries in PostgreSQL")
struct ManualEntryStoreTests {
    private static let now = Timestamp(seconds: 1_795_460_000)
    private static let requester = APIKeyID(value: 1)
    private static let other = APIKeyID(value: 2)

    private static func entry(_ number: UInt128) throws -> ManualEntry {
        let transfer = try Transfer(
            debit: ChartOfAccounts.clearing(.promptPay, .thb),
            credit: try #require(ChartOfAccounts.wallet(customer: "c", .thb)),
            amount: Amount(minorUnits: 5, asset: .thb)
        )
        return try #require(
            ManualEntry(
                id: ManualEntryID(value: number),
                requestedBy: requester,
                requestedAt: now,
                occurredAt: now,
                reason: "because",
                transfers: [transfer, transfer]
            )
        )
    }

    private static func decision(by key: APIKeyID) -> ManualEntryDecision {
        ManualEntryDecision(outcome: .approved(EntryID(value: 9)), decidedBy: key, decidedAt: now, reason: "seen")
    }

    private static func write(_ commands: [Command], _ pool: ConnectionPool) async throws {
        try await pool.transaction { _ = try await $0.finish(with: commands) }
    }

    private static func sqlState(_ work: () async throws -> Void) async -> String? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? PostgresError)?.sqlState
        }
    }

    @Test("what was written is read back, undecided and decided")
    func roundTrip() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let entry = try Self.entry(10)
            try await Self.write(ManualEntryStore.insert(entry), pool)
            try await Self.write(ManualEntryStore.insert(try Self.entry(11)), pool)
            #expect(try await ManualEntryStore.list(status: .requiresApproval, after: nil, limit: 9, on: pool).map(\.id.value) == [11, 10])
            let decision = Self.decision(by: Self.other)
            try await Self.write([ManualEntryStore.insert(decision, about: entry)], pool)
            #expect(
                try await ManualEntryStore.list(status: nil, after: ManualEntryID(value: 11), limit: 9, on: pool) == [
                    entry.decided(decision)
                ]
            )
            #expect(try await ManualEntryStore.list(status: .approved, after: nil, limit: 9, on: pool).count == 1)
            #expect(try await ManualEntryStore.list(status: .rejected, after: nil, limit: 9, on: pool).isEmpty)
        }
    }

    @Test("the database itself refuses a decision by the requester, under a false name of the requester, and a second one")
    func twoPeople() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let entry = try Self.entry(10)
            try await Self.write(ManualEntryStore.insert(entry), pool)
            let own = ManualEntryStore.insert(Self.decision(by: Self.requester), about: entry)
            #expect(await Self.sqlState { try await Self.write([own], pool) } == "23514")
            let liar = try #require(
                ManualEntry(
                    id: entry.id,
                    requestedBy: APIKeyID(value: 3),
                    requestedAt: Self.now,
                    occurredAt: Self.now,
                    reason: "because",
                    transfers: entry.transfers
                )
            )
            let lie = ManualEntryStore.insert(Self.decision(by: Self.requester), about: liar)
            #expect(await Self.sqlState { try await Self.write([lie], pool) } == "23503")
            let decided = ManualEntryStore.insert(Self.decision(by: Self.other), about: entry)
            try await Self.write([decided], pool)
            #expect(await Self.sqlState { try await Self.write([decided], pool) } == "23505")
        }
    }

    @Test(
        "nobody changes or removes what was written",
        arguments: ["manual_entries", "manual_entry_transfers", "manual_entry_decisions", "wallet_credit_batches"]
    )
    func writtenOnce(table: String) async throws {
        let database = try await TestDatabase.migrated()
        let column =
            ["manual_entries": "reason", "wallet_credit_batches": "reason", "manual_entry_transfers": "amount"][table] ?? "decided_at"
        let verbs = ["DELETE FROM \(table)", "TRUNCATE \(table) CASCADE", "UPDATE \(table) SET \(column) = \(column)"]
        for (setup, state) in [(StorageSession.setup, "42501"), ([], "23000")] {
            try await database.withPool(setup: setup) { pool in
                for verb in verbs {
                    #expect(await Self.sqlState { _ = try await pool.withSession { try await $0.executeScript(verb) } } == state, "\(verb)")
                }
            }
        }
    }
}
