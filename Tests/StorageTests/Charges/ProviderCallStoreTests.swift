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
}
