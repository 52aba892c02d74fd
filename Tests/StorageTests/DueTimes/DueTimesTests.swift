import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("When waiting work is due")
struct DueTimesTests {
    private static let now = Timestamp(seconds: 1_795_460_000)
    private static let gateway = GatewayID(value: 1)

    private static func call(_ charge: UInt128, due: Int, isClaimed: Bool = false) -> ProviderCall {
        let dueAt = now.advanced(by: .seconds(due))
        let claim = isClaimed ? Claim(token: charge, holder: gateway, until: dueAt) : nil
        return ProviderCall(chargeID: ChargeID(value: charge), operation: "create", attempts: 1, nextAttemptAt: dueAt, claim: claim)
    }

    private static func due(_ pool: ConnectionPool, in seconds: Int) async throws -> Set<UInt128> {
        let moment = now.advanced(by: .seconds(seconds))
        let claim = Claim(token: .random(in: 100...UInt128.max), holder: gateway, until: moment.advanced(by: .seconds(90_000)))
        let result = try await pool.run(ProviderCallStore.claimDue(now: moment, claim: claim, limit: 10))
        return Set(try ProviderCallStore.decode(result, claim: claim).map(\.chargeID.value))
    }

    @Test("what was put off is due earlier by the change, but not before now; what is due or claimed stays as it is")
    func providerCalls() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let calls = [
                Self.call(1, due: -5), Self.call(2, due: 40), Self.call(3, due: 3660), Self.call(4, due: 3660, isClaimed: true),
            ]
            _ = try await pool.run(ProviderCallStore.insert(calls, at: Self.now))
            for command in DueTimes.bringForward(by: .seconds(3600), at: Self.now) { _ = try await pool.run(command) }
            #expect(try await Self.due(pool, in: 0) == [1, 2])
            #expect(try await Self.due(pool, in: 59) == [])
            #expect(try await Self.due(pool, in: 60) == [3])
            #expect(try await Self.due(pool, in: 3659) == [])
            #expect(try await Self.due(pool, in: 3660) == [4])
        }
    }

    @Test("every table in which work waits is brought forward")
    func everyQueue() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let tables = Statement(
                "queues",
                """
                SELECT table_name::text FROM information_schema.columns
                WHERE column_name = 'next_attempt_at' AND table_schema = 'public' ORDER BY 1
                """
            )
            let queues = try await pool.execute(tables).rows.map { try $0.text(0) }
            let brought = DueTimes.bringForward(by: .seconds(1), at: Self.now).map(\.statement.sql)
            #expect(queues.count == 4 && brought.count == queues.count)
            for queue in queues { #expect(brought.contains { $0.hasPrefix("UPDATE \(queue) ") }, "\(queue)") }
        }
    }
}
