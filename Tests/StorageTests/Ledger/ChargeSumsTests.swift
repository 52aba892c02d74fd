import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("What charges say and the books say", .timeLimit(.minutes(10)))
struct ChargeSumsTests {
    /// A charge of 700 of which 200 went back, 50 of that came back again, 100 were lost and 30 of that found again; besides a refund in
    /// another currency, which the charge does not count.
    private static func write(_ pool: ConnectionPool) async throws {
        _ = try await pool.withSession { session in
            try await session.executeScript(
                """
                INSERT INTO charges (id, order_id, amount, asset, method, capture, metadata, provider, status, amount_captured,
                    amount_refunded, amount_lost, created_at, updated_at, version)
                SELECT ('01970000-0000-7000-8000-00000000000' || n)::uuid, 'order', 700, 'THB', 'promptpay', 'automatic', '{}', 'promptpay',
                    'succeeded', 700, 150, 70, now(), now(), 1 FROM generate_series(1, 2) AS n
                """
            )
        }
        let (clearing, payable) = (SampleBook.clearing, SampleBook.payable)
        let disputed = ChartOfAccounts.disputes(.promptPay, .thb)
        let usd = try #require(Asset(code: "USD"))
        let requests = try (1...2).flatMap { number in
            let charge = ChargeID(value: SampleBook.chargeID.value + UInt128(number - 1))
            return try [
                SampleBook.entry("\(number) captured", clearing, payable, 700, kind: .capture, chargeID: charge),
                SampleBook.entry("\(number) refunded", payable, clearing, 200, kind: .refund, chargeID: charge),
                SampleBook.entry("\(number) came back", clearing, payable, 50, kind: .refundFailure, chargeID: charge),
                SampleBook.entry("\(number) lost", payable, disputed, 100, kind: .disputeLoss, chargeID: charge),
                SampleBook.entry("\(number) found", disputed, payable, 30, kind: .disputeLoss, chargeID: charge),
                SampleBook.entry(
                    "\(number) in dollars",
                    ChartOfAccounts.suspense(.promptPay, usd),
                    ChartOfAccounts.clearing(.promptPay, usd),
                    5,
                    kind: .refund,
                    chargeID: charge
                ),
            ]
        }
        #expect(try await Ledger(pool: pool).post(requests, at: SampleBook.begin).allSatisfy { $0 == .created })
    }

    @Test("sums of captures, refunds and losses that agree are right, whatever went back in another currency")
    func agreeing() async throws {
        try await TestDatabase.migrated().withPool { pool in
            try await Self.write(pool)
            #expect(try await SampleBook.issues(pool) == [])
        }
    }

    @Test(
        "a charge that says more or less than the books is named",
        arguments: [
            ("amount_captured", "701 captured, the books 700"), ("amount_refunded", "151 refunded, the books 150"),
            ("amount_lost", "71 lost, the books 70"),
        ]
    )
    func differing(column: String, told: String) async throws {
        try await TestDatabase.migrated().withPool { pool in
            try await Self.write(pool)
            let id = "01970000-0000-7000-8000-000000000001"
            _ = try await pool.withSession { session in
                try await session.executeScript("UPDATE charges SET \(column) = \(column) + 1 WHERE id = '\(id)'")
            }
            #expect(try await SampleBook.issues(pool) == ["charge \(id) says \(told)"])
        }
    }
}
