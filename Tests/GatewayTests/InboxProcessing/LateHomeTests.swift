import Payments
import PostgreSQL
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("What was told before its charge, in PostgreSQL")
struct LateHomeTests {
    private static let surroundings = Surroundings.system
    private static let now = Timestamp(seconds: 1_795_460_000)

    private static func fact(_ kind: PaymentFact.Kind, _ subject: PaymentFact.Subject, reference: String? = nil) -> PaymentFact {
        PaymentFact(provider: .stripe, subject: subject, kind: kind, occurredAt: now, providerReference: reference)
    }

    private static func thb(_ satang: Int128) -> Amount { Amount(minorUnits: satang, asset: .thb) }

    private static func exceptions(_ pool: ConnectionPool) async throws -> [String] {
        let statement = Statement(
            "test_exceptions",
            "SELECT status, coalesce(note, ''), charge_id IS NULL FROM payment_exceptions ORDER BY 1"
        )
        return try await pool.execute(statement, []).rows.map { row in
            "\(try row.text(0)) \(try row.text(1).isEmpty ? "silent" : "noted") \(try row.bool(2) ? "nobody's" : "a charge's")"
        }
    }

    private static func balance(_ account: String, _ pool: ConnectionPool) async throws -> Int128 {
        let sides = try await LedgerReads.trialBalance(on: pool).accounts.first { $0.account.name.text == account }?.sides
        return (sides?.creditsPosted ?? 0) - (sides?.debitsPosted ?? 0)
    }

    /// Where two transactions wait until both have read.
    private final class Meeting: Sendable {
        private let arrived = Mutex(0)

        func wait() async throws {
            arrived.withLock { $0 += 1 }
            #expect(try await waitUntil(.seconds(90)) { arrived.withLock { $0 } >= 2 })
        }
    }

    @Test("a refund and the name of its charge, committed in one moment: neither misses the other", .timeLimit(.minutes(10)))
    func oneMoment() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let committer = FactCommitter(ledger: Ledger(pool: pool), surroundings: Self.surroundings, delivery: WorkSignal())
            let order = ChargeOrder(orderID: "o", amount: Self.thb(15000), method: .card)
            let charge = Charge(id: Self.surroundings.identifier(), order: order, provider: .stripe, createdAt: Self.now)
            for command in ChargeStore.insert([charge]) { _ = try await pool.execute(command.statement, command.parameters) }
            let meeting = Meeting()
            let commit = { @Sendable (fact: PaymentFact) async throws in
                _ = try await committer.commit { transaction -> FactCommitter.Work<Void>? in
                    let book = try await FactBook.read(for: [fact], in: transaction)
                    try await meeting.wait()
                    return FactCommitter.Work(facts: [fact], context: (), book: book)
                } write: { _, _ in
                    []
                }
            }
            let refund = PaymentFact.Refund(refundID: nil, transaction: "re_1", amount: Self.thb(4000), state: .succeeded)
            let capture = PaymentFact.Capture(amount: Self.thb(15000), transaction: "pi_1")
            async let first: Void = commit(Self.fact(.refund(refund), .reference("pi_1")))
            async let second: Void = commit(Self.fact(.captured(capture), .charge(charge.id), reference: "pi_1"))
            _ = try await (first, second)
            #expect(try await Self.balance("suspense:stripe:THB", pool) == 0)
            #expect(try await Self.balance("orders:payable:THB", pool) == 11000)
            #expect(try await Self.exceptions(pool).allSatisfy { $0.hasPrefix("resolved") })
        }
    }

    @Test("a refund and a dispute that name an unknown payment find their charge in a later commit, and finance's questions are answered")
    func found() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let committer = FactCommitter(ledger: Ledger(pool: pool), surroundings: Self.surroundings, delivery: WorkSignal())
            let commit = { @Sendable (facts: [PaymentFact]) async throws in
                _ = try await committer.commit { _ -> FactCommitter.Work<Void>? in
                    FactCommitter.Work(facts: facts, context: ())
                } write: { _, _ in
                    []
                }
            }
            let order = ChargeOrder(orderID: "o", amount: Self.thb(15000), method: .card)
            let charge = Charge(id: Self.surroundings.identifier(), order: order, provider: .stripe, createdAt: Self.now)
            for command in ChargeStore.insert([charge]) { _ = try await pool.execute(command.statement, command.parameters) }
            let refund = PaymentFact.Refund(refundID: nil, transaction: "re_1", amount: Self.thb(4000), state: .succeeded)
            let funds = PaymentFact.DisputeFunds(
                dispute: "du_1",
                transaction: "txn_1",
                amount: Self.thb(11000),
                fee: nil,
                direction: .withdrawn
            )
            let lost = PaymentFact.Dispute(dispute: "du_1", amount: Self.thb(11000), stage: .lost, reason: nil, respondBy: nil)
            try await commit([Self.fact(.refund(refund), .reference("pi_1"))])
            try await commit([Self.fact(.disputeFunds(funds), .reference("pi_1")), Self.fact(.dispute(lost), .reference("pi_1"))])
            #expect(try await Self.exceptions(pool) == ["open silent nobody's", "open silent nobody's"])
            #expect(try await Self.balance("suspense:stripe:THB", pool) == -15000)

            let capture = PaymentFact.Capture(amount: Self.thb(15000), transaction: "pi_1")
            try await commit([Self.fact(.captured(capture), .charge(charge.id), reference: "pi_1")])
            #expect(try await Self.exceptions(pool) == ["resolved noted a charge's", "resolved noted a charge's"])
            #expect(try await Self.balance("suspense:stripe:THB", pool) == 0)
            #expect(try await Self.balance("orders:payable:THB", pool) == 0)
            let command = ChargeStore.find(ids: [charge.id])
            let found = try ChargeStore.decode(try await pool.execute(command.statement, command.parameters)).first
            #expect(found?.amountRefunded == Self.thb(4000) && found?.amountLost == Self.thb(11000))
            let refunds = RefundStore.find(ofCharge: charge.id)
            let ours = try RefundStore.decode(try await pool.execute(refunds.statement, refunds.parameters))
            #expect(ours.map(\.providerReference) == ["re_1"])
        }
    }
}
