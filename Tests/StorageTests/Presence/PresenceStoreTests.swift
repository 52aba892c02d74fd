import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Which gateways are at work")
struct PresenceStoreTests {
    private static let now = Timestamp(seconds: 1_795_460_000)
    private static let dead = GatewayID(value: 1)
    private static let alive = GatewayID(value: 2)

    private static func claim(by gateway: GatewayID) -> Claim {
        Claim(token: UInt128.random(in: 1...UInt128.max), holder: gateway, until: now.advanced(by: .seconds(75)))
    }

    private static func call(_ charge: UInt128, claim: Claim?) -> ProviderCall {
        ProviderCall(chargeID: ChargeID(value: charge), operation: "create", attempts: 1, nextAttemptAt: now, claim: claim)
    }

    private static func removed(_ pool: ConnectionPool, silence: Duration) async throws -> [GatewayID] {
        try PresenceStore.decodeRemoved(await pool.run(PresenceStore.removeSilent(for: silence)))
    }

    @Test("a gateway that beats is not silent, one that stopped is, and it is found once")
    func silence() async throws {
        try await TestDatabase.migrated().withPool { pool in
            _ = try await pool.run(PresenceStore.beat(Self.dead))
            #expect(try await Self.removed(pool, silence: .seconds(60)).isEmpty)
            // Long enough that a busy machine does not make the living one silent, too.
            try await Task.sleep(for: .milliseconds(8200))
            for expected in [[Self.dead], []] {
                _ = try await pool.run(PresenceStore.beat(Self.alive))
                #expect(try await Self.removed(pool, silence: .seconds(8)) == expected)
            }
        }
    }

    @Test("a silent gateway's calls are due at once, its late answers change nothing, and the others keep theirs")
    func released() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let lost = Self.call(1, claim: Self.claim(by: Self.dead))
            let kept = Self.call(2, claim: Self.claim(by: Self.alive))
            _ = try await pool.run(ProviderCallStore.insert([lost, kept], at: Self.now))
            for command in PresenceStore.release(claimsOf: [Self.dead], and: [], at: Self.now) { _ = try await pool.run(command) }
            #expect(try await pool.run(ProviderCallStore.finish(lost, at: Self.now)).affectedRows == 0)
            let again = Self.claim(by: Self.alive)
            let due = try await pool.run(ProviderCallStore.claimDue(now: Self.now, claim: again, limit: 10))
            let calls = try ProviderCallStore.decode(due, claim: again)
            #expect(calls.map(\.chargeID) == [lost.chargeID] && calls.map(\.attempts) == [2])
            #expect(try await pool.run(ProviderCallStore.finish(kept, at: Self.now)).affectedRows == 1)
        }
    }

    @Test("a claim that was given up frees its calls and no others")
    func givenUp() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let claims = (0..<2).map { _ in Self.claim(by: Self.alive) }
            let calls = zip(1..., claims).map { Self.call(UInt128($0), claim: $1) }
            _ = try await pool.run(ProviderCallStore.insert(calls, at: Self.now))
            for command in PresenceStore.release(claimsOf: [], and: [claims[0]], at: Self.now) { _ = try await pool.run(command) }
            let again = Self.claim(by: Self.alive)
            let due = try await pool.run(ProviderCallStore.claimDue(now: Self.now, claim: again, limit: 10))
            #expect(try ProviderCallStore.decode(due, claim: again).map(\.chargeID) == [calls[0].chargeID])
        }
    }
}
