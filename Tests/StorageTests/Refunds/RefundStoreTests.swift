import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Refunds, disputes and settlements in PostgreSQL")
struct RefundStoreTests {
    private static let now = Timestamp(seconds: 1_795_460_000)
    private static func thb(_ satang: Int128) -> Amount { Amount(minorUnits: satang, asset: .thb) }

    private static func refund(_ id: UInt128, charge: UInt128? = 1, reference: String? = nil) -> Refund {
        var refund = Refund(
            id: RefundID(value: id),
            chargeID: charge.map { ChargeID(value: $0) },
            provider: .stripe,
            amount: thb(4000),
            reason: "คืนเงิน",
            providerReference: reference,
            createdAt: now
        )
        refund.failure = ChargeFailure(code: "refund_failed", message: "No.", providerCode: "declined", isRetryable: false)
        return refund
    }

    private static func told(_ transaction: String, id: RefundID? = nil, subject: PaymentFact.Subject) -> RefundStore.Names {
        let told = PaymentFact.Refund(refundID: id, transaction: transaction, amount: thb(1), state: .pending)
        var names = RefundStore.Names()
        names.add(told, of: PaymentFact(provider: .stripe, subject: subject, kind: .refund(told), occurredAt: now))
        return names
    }

    @Test("a refund comes back as it was written, and changes under its id")
    func roundTrip() async throws {
        try await TestDatabase.migrated().withPool { pool in
            var refund = Self.refund(7)
            _ = try await pool.run(RefundStore.write([refund, Self.refund(8, charge: nil, reference: "re_8")]))
            refund.providerReference = "re_7"
            refund.status = .succeeded
            refund.amount = Self.thb(5000)
            refund.failure = nil
            refund.lastFactAt = Self.now.advanced(by: .seconds(1))
            refund.updatedAt = Self.now.advanced(by: .seconds(2))
            refund.version = 2
            _ = try await pool.run(RefundStore.write([refund]))
            #expect(try RefundStore.decode(try await pool.run(RefundStore.find(ids: [refund.id]))) == [refund])
            #expect(try RefundStore.decode(try await pool.run(RefundStore.find(ofCharge: ChargeID(value: 1)))) == [refund])
            let other = try RefundStore.decode(try await pool.run(RefundStore.find(ids: [RefundID(value: 8)])))
            #expect(other == [Self.refund(8, charge: nil, reference: "re_8")])
        }
    }

    @Test("a provider's refund is there once, whatever ids it gets")
    func once() async throws {
        try await TestDatabase.migrated().withPool { pool in
            _ = try await pool.run(RefundStore.write([Self.refund(7, reference: "re_7")]))
            let error = await #expect(throws: PostgresError.self) {
                try await pool.run(RefundStore.write([Self.refund(8, reference: "re_7")]))
            }
            #expect(error?.isUniqueViolation == true)
        }
    }

    @Test("what a fact may speak of is found by the provider's name, by our id, and by the charge in both its names")
    func names() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let order = ChargeOrder(orderID: "o", amount: Self.thb(15000), method: .card)
            var charge = Charge(id: ChargeID(value: 1), order: order, provider: .stripe, createdAt: Self.now)
            charge.providerReference = "pi_1"
            for command in ChargeStore.insert([charge]) { _ = try await pool.run(command) }
            _ = try await pool.run(RefundStore.write([Self.refund(7), Self.refund(8, charge: nil, reference: "re_8")]))
            let found = { (names: RefundStore.Names) async throws -> [UInt128] in
                try RefundStore.decode(try await pool.run(RefundStore.lock(names))).map(\.id.value)
            }
            #expect(try await found(Self.told("re_8", subject: .unknown)) == [8])
            #expect(try await found(Self.told("re_x", id: RefundID(value: 7), subject: .unknown)) == [7])
            #expect(try await found(Self.told("re_x", subject: .charge(ChargeID(value: 1)))) == [7])
            #expect(try await found(Self.told("re_8", subject: .reference("pi_1"))) == [7, 8])
            #expect(try await found(Self.told("re_x", subject: .reference("pi_2"))).isEmpty)
            let names = Self.told("re_x", id: RefundID(value: 7), subject: .unknown)
            #expect(try ChargeStore.decode(try await pool.run(ChargeStore.lock(ofRefunds: names))).map(\.id) == [charge.id])
        }
    }

    @Test("a dispute and a settlement come back as they were written")
    func others() async throws {
        try await TestDatabase.migrated().withPool { pool in
            var dispute = Dispute(
                id: DisputeID(value: 3),
                chargeID: nil,
                provider: .stripe,
                providerReference: "du_1",
                amount: Self.thb(100),
                createdAt: Self.now
            )
            _ = try await pool.run(DisputeStore.write([dispute]))
            dispute.status = .lost
            dispute.reason = "fraudulent"
            dispute.respondBy = Self.now
            dispute.amountWithdrawn = Amount(minorUnits: -5, asset: .usd)
            dispute.amountWrittenOff = Amount(minorUnits: 4, asset: .usd)
            dispute.lastFactAt = Self.now
            dispute.version = 2
            _ = try await pool.run(DisputeStore.write([dispute]))
            let reference: Set = [ProviderReference(.stripe, "du_1")]
            #expect(try DisputeStore.decode(try await pool.run(DisputeStore.lock(reference))) == [dispute])
            var settlement = Settlement(
                id: SettlementID(value: 4),
                provider: .stripe,
                providerReference: "po_1",
                amount: Self.thb(-100),
                createdAt: Self.now
            )
            _ = try await pool.run(SettlementStore.write([settlement]))
            settlement.status = .inTransit
            _ = try await pool.run(SettlementStore.write([settlement]))
            let found = try await pool.run(SettlementStore.lock([ProviderReference(.stripe, "po_1")]))
            #expect(try SettlementStore.decode(found) == [settlement])
        }
    }
}
