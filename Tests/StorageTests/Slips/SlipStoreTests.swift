import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Slips in PostgreSQL")
struct SlipStoreTests {
    private static let now = Timestamp(seconds: 1_795_460_000)

    private static func name(bank: String = "004", reference: String = "T1") -> SlipStore.Name {
        SlipStore.Name(provider: .promptPay, sendingBank: bank, transactionReference: reference)
    }

    @Test("each slip is used once, by its sending bank and that bank's name for the transfer")
    func once() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let (first, second) = (ChargeID(value: 1), ChargeID(value: 2))
            #expect(try SlipStore.decode(try await pool.run(SlipStore.find(Self.name()))) == nil)
            let inserted = try await pool.run(SlipStore.insert(Self.name(), for: first, at: Self.now))
            #expect(inserted.affectedRows == 1)
            for charge in [first, second] {
                #expect(try await pool.run(SlipStore.insert(Self.name(), for: charge, at: Self.now)).affectedRows == 0)
            }
            #expect(try SlipStore.decode(try await pool.run(SlipStore.find(Self.name()))) == first)
            for other in [Self.name(bank: "014"), Self.name(reference: "T2")] {
                #expect(try await pool.run(SlipStore.insert(other, for: second, at: Self.now)).affectedRows == 1)
            }
        }
    }

    @Test("what was used stays used: no row is changed or removed")
    func writtenOnce() async throws {
        try await TestDatabase.migrated().withPool { pool in
            _ = try await pool.run(SlipStore.insert(Self.name(), for: ChargeID(value: 1), at: Self.now))
            for sql in ["DELETE FROM payment_slips", "UPDATE payment_slips SET charge_id = charge_id", "TRUNCATE payment_slips"] {
                await #expect(throws: PostgresError.self, "\(sql)") { try await pool.execute(Statement("slips_attack", sql), []) }
            }
        }
    }
}
