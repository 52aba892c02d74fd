import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Provider calls in PostgreSQL")
struct ProviderCallStoreTests {
    private static let now = Timestamp(seconds: 1_795_460_000)

    private static func claim(from start: Timestamp = now) -> Claim {
        Claim(token: UInt128.random(in: 1...UInt128.max), holder: GatewayID(value: 1), until: start.advanced(by: .seconds(75)))
    }

    private static func call(_ charge: UInt128, claim: Claim?) -> ProviderCall {
        ProviderCall(chargeID: ChargeID(value: charge), operation: "create", attempts: 1, nextAttemptAt: now, claim: claim)
    }

    private static func due(_ pool: ConnectionPool, at time: Timestamp) async throws -> [ProviderCall] {
        let claim = claim(from: time)
        return try ProviderCallStore.decode(
            try await pool.run(ProviderCallStore.claimDue(now: time, claim: claim, limit: 10)),
            claim: claim
        )
    }

    @Test("a claimed call is due when its claim is over, and then only the new holder may finish it")
    func takenOver() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let first = Self.call(1, claim: Self.claim())
            _ = try await pool.run(ProviderCallStore.insert([first], at: Self.now))
            #expect(try await Self.due(pool, at: Self.now.advanced(by: .seconds(74))).isEmpty)
            let later = Self.now.advanced(by: .seconds(75))
            let second = try #require(try await Self.due(pool, at: later).first)
            #expect(second.attempts == 2)
            #expect(try await pool.run(ProviderCallStore.finish(first, at: later)).affectedRows == 0)
            #expect(try await pool.run(ProviderCallStore.finish(second, at: later)).affectedRows == 1)
            #expect(try await Self.due(pool, at: later.advanced(by: .seconds(1000))).isEmpty)
        }
    }

    @Test("a call that is put off waits as long as asked, and for nobody's claim")
    func putOff() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let call = Self.call(1, claim: Self.claim())
            _ = try await pool.run(ProviderCallStore.insert([call], at: Self.now))
            let again = Self.now.advanced(by: .seconds(5))
            let put = ProviderCallStore.reschedule(call, nextAttemptAt: again, lastError: "timeout", at: Self.now)
            #expect(try await pool.run(put).affectedRows == 1)
            #expect(try await pool.run(put).affectedRows == 0)
            #expect(try await Self.due(pool, at: Self.now.advanced(by: .seconds(4))).isEmpty)
            #expect(try await Self.due(pool, at: again).map(\.chargeID) == [call.chargeID])
        }
    }

    @Test("the same call is written once")
    func once() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let call = Self.call(1, claim: nil)
            let first = try await pool.run(ProviderCallStore.insert([call, Self.call(2, claim: nil)], at: Self.now))
            #expect(first.affectedRows == 2)
            #expect(try await pool.run(ProviderCallStore.insert([call], at: Self.now)).affectedRows == 0)
            #expect(try await Self.due(pool, at: Self.now).count == 2)
        }
    }

    @Test("a look-up that an event asks for is made again when it was done, and takes the claim from one that is under way")
    func fetch() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let order = ChargeOrder(orderID: "o", amount: Amount(minorUnits: 1, asset: .thb), method: .card)
            var charge = Charge(id: ChargeID(value: 1), order: order, provider: .stripe, createdAt: Self.now)
            charge.providerReference = "pi_1"
            for command in ChargeStore.insert([charge]) { _ = try await pool.run(command) }
            let ask = ProviderCallStore.requestFetch(ids: [], references: [ProviderReference(.stripe, "pi_1")], at: Self.now)
            _ = try await pool.run(ask)
            let first = try #require(try await Self.due(pool, at: Self.now).first)
            #expect(first.operation == "fetch" && first.chargeID == charge.id)
            _ = try await pool.run(ProviderCallStore.requestFetch(ids: [charge.id, ChargeID(value: 9)], references: [], at: Self.now))
            #expect(try await pool.run(ProviderCallStore.finish(first, at: Self.now)).affectedRows == 0)
            let second = try #require(try await Self.due(pool, at: Self.now).first)
            #expect(try await pool.run(ProviderCallStore.finish(second, at: Self.now)).affectedRows == 1)
            _ = try await pool.run(ask)
            #expect(try await Self.due(pool, at: Self.now).count == 1)
        }
    }

    @Test("a capture carries its amount, and one that has ended can be asked for with another")
    func capture() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let call = { (satang: Int128) in
                ProviderCall(
                    chargeID: ChargeID(value: 1),
                    operation: "capture",
                    amount: Amount(minorUnits: satang, asset: .thb),
                    attempts: 0,
                    nextAttemptAt: Self.now,
                    claim: nil
                )
            }
            #expect(try await pool.run(ProviderCallStore.insert([call(5)], at: Self.now)).affectedRows == 1)
            #expect(try await pool.run(ProviderCallStore.insert([call(6)], at: Self.now)).affectedRows == 0)
            let first = try #require(try await Self.due(pool, at: Self.now).first)
            #expect(first.amount == Amount(minorUnits: 5, asset: .thb))
            _ = try await pool.run(ProviderCallStore.finish(first, lastError: "refused", at: Self.now))
            #expect(try ProviderCallStore.decodeNames(try await pool.run(ProviderCallStore.findOpen(of: first.chargeID))).isEmpty)
            _ = try await pool.run(ProviderCallStore.insert([call(6)], at: Self.now))
            #expect(try await Self.due(pool, at: Self.now).first?.amount == Amount(minorUnits: 6, asset: .thb))
        }
    }
}
