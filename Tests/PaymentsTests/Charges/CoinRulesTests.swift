import Payments
import TestSupport
import Testing

/// Captures in coins: what they book beside the charge's own entry, and what no order of facts may change.
@Suite("captures in coins")
struct CoinRulesTests {
    private static let rate = ExchangeRate(base: .btc, quote: .thb, price: "3250000.00")

    private static func charge() -> Charge {
        let order = ChargeOrder(
            orderID: "LT-1",
            amount: ChargeFixture.thb(8000),
            method: .crypto,
            coin: .btc,
            expiresAt: Timestamp(seconds: 1000)
        )
        return Charge(id: ChargeFixture.id, order: order, provider: .crypto, createdAt: Timestamp(seconds: 100))
    }

    private static func fact(_ kind: PaymentFact.Kind, at seconds: Int64 = 200) -> PaymentFact {
        PaymentFact(
            provider: .crypto,
            subject: .charge(ChargeFixture.id),
            kind: kind,
            occurredAt: Timestamp(seconds: seconds),
            providerReference: "inv1"
        )
    }

    private static func capture(_ payments: [(String, Int128)], price: Int128 = 8000, due: Int128 = 2462) -> PaymentFact.Capture {
        PaymentFact.Capture(
            amount: ChargeFixture.thb(price),
            transaction: payments.map(\.0).joined(separator: "+"),
            coins: PaymentFact.Coins(
                payments: payments.map { .init(transaction: $0.0, amount: Amount(minorUnits: $0.1, asset: .btc)) },
                due: Amount(minorUnits: due, asset: .btc),
                rate: rate
            )
        )
    }

    private static func unclaimed(_ name: String, _ units: Int128, _ reason: SuspenseReason) -> PaymentFact {
        fact(.unclaimed(PaymentFact.Capture(amount: Amount(minorUnits: units, asset: .btc), transaction: name), reason))
    }

    /// What facts in this order do to the books.
    private struct Books {
        var file = CaseFile(charges: [CoinRulesTests.charge()])
        var entries: [JournalEntry] = []
        var exceptions: [SuspenseReason] = []

        mutating func tell(_ facts: [PaymentFact]) {
            let new = CaseFile.NewIdentifiers(
                refund: { RefundID(value: 1) },
                dispute: { DisputeID(value: 1) },
                settlement: { SettlementID(value: 1) }
            )
            for fact in facts {
                let decision = file.decide(fact, at: Timestamp(seconds: 300), new: new).0
                entries += decision.entries
                exceptions += decision.exceptions.map(\.reason)
            }
        }

        func balance(_ name: String) -> Int128 {
            entries.flatMap(\.transfers).reduce(0) { sum, transfer in
                sum + (transfer.debit.name.text == name ? transfer.amount.minorUnits : 0)
                    - (transfer.credit.name.text == name ? transfer.amount.minorUnits : 0)
            }
        }
    }

    @Test("the money's own clearing account is empty again, whatever was paid and whatever it was worth")
    func clearing() {
        var random = SeededRandom.printed("coin captures")
        for _ in 0..<2000 {
            let price = Int128.random(in: 1...10_000_000_000, using: &random)
            let due = Int128.random(in: 1...1_000_000_000_000_000_000_000, using: &random)
            let received = Int128.random(in: 1...(due * 2), using: &random)
            var books = Books()
            let order = ChargeOrder(orderID: "o", amount: ChargeFixture.thb(price), method: .crypto, coin: .btc)
            let charge = Charge(id: ChargeFixture.id, order: order, provider: .crypto, createdAt: Timestamp(seconds: 1))
            books.file = CaseFile(charges: [charge])
            books.tell([Self.fact(.captured(Self.capture([("a", received)], price: price, due: due)))])
            #expect(books.balance("provider:crypto:clearing:THB") == 0)
            #expect(books.balance("provider:crypto:clearing:BTC") == received)
            #expect(books.balance("orders:payable:THB") == -price)
            #expect(books.balance("suspense:crypto:BTC") == -max(0, received - due))
            let fee = books.balance("fees:crypto:THB")
            #expect(received >= due ? fee == 0 : fee >= 0 && fee <= price)
            #expect(books.entries.flatMap(\.transfers).allSatisfy { $0.amount.isPositive })
        }
    }

    @Test("a payment that the charge holds is never suspended, and one in suspense never captured, in any order")
    func orders() {
        let facts = [
            Self.fact(.captured(Self.capture([("a", 1000), ("b", 1462)]))), Self.unclaimed("a", 1000, .amountMismatch),
            Self.unclaimed("c", 70, .late), Self.fact(.captured(Self.capture([("b", 2462)]))), Self.fact(.expired, at: 1000),
        ]
        for order in permutations(of: facts) {
            var books = Books()
            books.tell(order + order)
            #expect(Set(books.entries.map(\.cause)).count == books.entries.count)
            #expect(books.balance("provider:crypto:clearing:THB") == 0)
            // Each of a, b and c is held once; b is told with two amounts, of which one is booked.
            #expect([2532, 3532].contains(books.balance("provider:crypto:clearing:BTC")))
            #expect(books.file.charges[ChargeFixture.id]?.status != .requiresAction)
        }
    }

    @Test("coins for a closed charge go to suspense payment by payment, those that are known already only once")
    func closed() {
        var books = Books()
        books.tell([Self.fact(.expired, at: 1000), Self.unclaimed("a", 1000, .amountMismatch)])
        books.tell([Self.fact(.captured(Self.capture([("a", 1000), ("b", 1462)])))])
        #expect(books.file.charges[ChargeFixture.id]?.status == .expired)
        #expect(books.balance("suspense:crypto:BTC") == -2462 && books.balance("orders:payable:THB") == 0)
        #expect(books.exceptions == [.amountMismatch, .chargeClosed])
    }

    @Test("a second capture by other payments is a duplicate, and only what is new of it is suspended")
    func duplicate() {
        var books = Books()
        books.tell([Self.fact(.captured(Self.capture([("b", 2462)])))])
        books.tell([Self.fact(.captured(Self.capture([("a", 1000), ("b", 2462)])))])
        #expect(books.balance("provider:crypto:clearing:BTC") == 3462 && books.balance("suspense:crypto:BTC") == -1000)
        #expect(books.exceptions == [.duplicatePayment])
    }

    @Test("money for a charge that nobody knows is kept payment by payment")
    func unknown() {
        var books = Books()
        books.file = CaseFile(charges: [])
        books.tell([Self.fact(.captured(Self.capture([("a", 1000), ("b", 1462)]))), Self.unclaimed("a", 1000, .late)])
        #expect(books.balance("suspense:crypto:BTC") == -2462 && books.exceptions == [.unknownCharge, .unknownCharge])
    }
}
