import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Outbox and inbox in PostgreSQL")
struct OutboxStoreTests {
    private static let now = Timestamp(seconds: 1_795_460_000)

    private static func notification(_ charge: UInt128, version: Int64) -> NewNotification {
        var random = SystemRandomNumberGenerator()
        let order = ChargeOrder(orderID: "1", amount: Amount(minorUnits: 100, asset: .thb), method: .promptpay)
        var subject = Charge(id: ChargeID(value: charge), order: order, provider: .promptPay, createdAt: now)
        subject.version = version
        let notification = OrderCoreNotification(
            type: .chargeSucceeded,
            cause: "\(charge):\(version)",
            subject: .charge(subject),
            occurredAt: now
        )
        return NewNotification(id: NotificationID(at: now, random: &random), notification: notification, body: "{}")
    }

    private static func claim(_ pool: ConnectionPool, token: UInt128, at now: Timestamp = now, limit: Int = 100) async throws
        -> [ClaimedNotification]
    {
        let claim = Claim(token: token, holder: GatewayID(value: 1), until: now.advanced(by: .seconds(45)))
        let command = OutboxStore.claimDue(now: now, claim: claim, limit: limit, endpoint: "e")
        return try OutboxStore.decodeClaimed(try await pool.run(command))
    }

    @Test("only the earliest waiting notification of a charge can be claimed, and the next after it was delivered")
    func order() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let rows = [(1, 2), (1, 1), (2, 1), (1, 3)].map { Self.notification(UInt128($0.0), version: Int64($0.1)) }
            _ = try await pool.run(OutboxStore.insert(rows, at: Self.now))
            let first = try await Self.claim(pool, token: 1)
            #expect(Set(first.map(\.id)) == [rows[1].id, rows[2].id])
            #expect(try await Self.claim(pool, token: 2).isEmpty)
            _ = try await pool.run(OutboxStore.recordDelivered(first, at: Self.now))
            #expect(try await Self.claim(pool, token: 3).map(\.id) == [rows[0].id])
        }
    }

    @Test("a claim that was taken over changes nothing any more")
    func fencing() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let row = Self.notification(1, version: 1)
            _ = try await pool.run(OutboxStore.insert([row], at: Self.now))
            let stale = try await Self.claim(pool, token: 1)
            let later = Self.now.advanced(by: .seconds(46))
            let fresh = try await Self.claim(pool, token: 2, at: later)
            #expect(stale.map(\.id) == fresh.map(\.id))
            #expect(try await pool.run(OutboxStore.recordDelivered(stale, at: later)).affectedRows == 0)
            #expect(try await pool.run(OutboxStore.recordDelivered(fresh, at: later)).affectedRows == 1)
        }
    }

    @Test("two workers never claim the same notification")
    func twoWorkers() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let rows = (1...200).map { Self.notification(UInt128($0), version: 1) }
            _ = try await pool.run(OutboxStore.insert(rows, at: Self.now))
            let claims = try await withThrowingTaskGroup(of: [ClaimedNotification].self) { group in
                for worker in 1...8 { group.addTask { try await Self.claim(pool, token: UInt128(worker), limit: 50) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(claims.map(\.id)).count == claims.count)
        }
    }

    @Test("one cause and type is told once; a paused endpoint gets nothing")
    func causesAndPauses() async throws {
        try await TestDatabase.migrated().withPool { pool in
            for _ in 0..<2 { _ = try await pool.run(OutboxStore.insert([Self.notification(1, version: 1)], at: Self.now)) }
            _ = try await pool.run(OutboxStore.pause(endpoint: "e", reason: "410", at: Self.now))
            #expect(try await Self.claim(pool, token: 1).isEmpty)
            _ = try await pool.run(OutboxStore.resumeEndpoints())
            #expect(try await Self.claim(pool, token: 1).count == 1)
        }
    }

    @Test("an event comes into the inbox once, and is held by one worker")
    func inbox() async throws {
        try await TestDatabase.migrated().withPool { pool in
            var random = SystemRandomNumberGenerator()
            let event = { (name: String) in
                InboxEvent(
                    id: WebhookEventID(at: Self.now, random: &random),
                    provider: .stripe,
                    eventID: name,
                    eventType: "t",
                    headers: [("a", "b")],
                    body: [1, 2, 3],
                    receivedAt: Self.now
                )
            }
            let first = [event("a"), event("b")]
            let again = [event("a"), event("c")]
            #expect(try InboxStore.decodeInserted(try await pool.run(InboxStore.insert(first))) == Set(first.map(\.id)))
            #expect(try InboxStore.decodeInserted(try await pool.run(InboxStore.insert(again))) == [again[1].id])
            let held = try await pool.transaction { one in
                let mine = try InboxStore.decodeClaimed(try await one.execute(InboxStore.claim(now: Self.now, limit: 2)))
                let others = try await pool.transaction { two in
                    try InboxStore.decodeClaimed(try await two.execute(InboxStore.claim(now: Self.now, limit: 10)))
                }
                return (mine.count, others.count)
            }
            #expect(held == (2, 1))
        }
    }
}
