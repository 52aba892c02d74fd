import Payments
import TestSupport
import Testing

@testable import Providers

/// What the looks at an invoice do to the charge, the books, finance and the order core.
@Suite("the books of crypto charges")
struct CryptoBooksTests {
    private typealias Payment = CryptoInvoiceText.Payment
    private let invoice = CryptoInvoiceText()
    private let seen = Payment()
    private let confirmed = Payment(confirmations: 2)

    private static let coins = "provider:crypto:clearing:BTC"

    /// The balances after 2462 satoshi have paid 80.00 THB.
    private static let paid: [String: Int128] = [
        coins: 2462, "exchange:BTC": -2462, "exchange:THB": 8000, "orders:payable:THB": -8000,
    ]

    @Test("shown, seen, settled: coins are held, baht are owed, the rate is kept, each asset balances")
    func life() throws {
        var scene = CryptoScene()
        try scene.look(invoice, at: 1)
        #expect(scene.charge.status == .requiresAction && scene.charge.providerReference == "inv1")
        let amount = Amount(minorUnits: 2462, asset: .btc)
        let uri = "bitcoin:\(CryptoScene.address)?amount=0.00002462"
        let expiry = Timestamp(seconds: CryptoScene.created + 900)
        #expect(scene.charge.nextAction == .sendCrypto(address: CryptoScene.address, uri: uri, amount: amount, expiresAt: expiry))
        try scene.look(invoice.with("Processing", [seen]), at: 101)
        #expect(scene.charge.status == .processing && scene.entries.isEmpty)
        try scene.look(invoice.with("Settled", [confirmed]), at: 700)
        #expect(scene.charge.status == .succeeded && scene.charge.amountCaptured.minorUnits == 8000)
        #expect(scene.charge.paidBy == "bitcoin-testnet:tx1-0")
        #expect(scene.balances == Self.paid && scene.bookedOnce && scene.exceptions.isEmpty)
        #expect(scene.entries.compactMap(\.exchangeRate).map(\.description) == ["BTC/THB = 3250000.00"])
        let before = scene.entries
        try scene.look(invoice.with("Settled", [confirmed]), at: 800)
        #expect(scene.entries == before)
    }

    @Test("our policy asks for more confirmations than the processor: we wait")
    func confirmations() throws {
        var scene = CryptoScene()
        try scene.look(invoice.with("Settled", [Payment(confirmations: 1)]), at: 200)
        #expect(scene.charge.status == .processing && scene.entries.isEmpty)
        try scene.look(invoice.with("Processing", [confirmed]), at: 300)
        #expect(scene.charge.status == .processing && scene.entries.isEmpty)
        try scene.look(invoice.with("Settled", [confirmed]), at: 5000)
        #expect(scene.charge.status == .succeeded)
    }

    @Test("too much: the charge takes its price, the rest is owed to the payer and shown to finance")
    func overpaid() throws {
        var scene = CryptoScene()
        try scene.look(invoice.with("Settled", [Payment(value: "0.00003000", confirmations: 2)]), at: 200)
        var expected = Self.paid
        expected[Self.coins] = 3000
        expected["suspense:crypto:BTC"] = -538
        #expect(scene.balances == expected)
        #expect(scene.exceptions.map(\.reason) == [.overpaid] && scene.exceptions.map(\.amount.minorUnits) == [538])
        #expect(scene.notifications.map(\.type) == [.chargeSucceeded, .paymentUnmatched])
        try scene.look(
            invoice.with("Settled", [Payment(value: "0.00003000", confirmations: 2), Payment(id: "tx2-1", confirmations: 3)]),
            at: 300
        )
        expected[Self.coins] = 5462
        expected["suspense:crypto:BTC"] = -3000
        #expect(scene.balances == expected && scene.bookedOnce && scene.exceptions.count == 2)
    }

    @Test("a little too little is a cost, where that is tolerated")
    func tolerated() throws {
        var scene = CryptoScene()
        let payment = Payment(value: "0.00002450", confirmations: 2)
        try scene.look(invoice.with("Settled", [payment]), at: 200)
        #expect(scene.charge.status != .succeeded && scene.entries.isEmpty)
        try scene.look(invoice.with("Settled", [payment]), at: 201, tolerance: 100)
        // 8000 x 2450 / 2462 is 7961.007.
        let expected: [String: Int128] = [
            Self.coins: 2450, "exchange:BTC": -2450, "exchange:THB": 7961, "fees:crypto:THB": 39, "orders:payable:THB": -8000,
        ]
        #expect(scene.balances == expected && scene.charge.status == .succeeded)
    }

    @Test("a part, then nothing: the part waits in suspense for people")
    func partial() throws {
        var scene = CryptoScene()
        let part = Payment(value: "0.00001000", confirmations: 2)
        try scene.look(invoice.with("New", [part]), at: 200)
        #expect(scene.charge.status == .requiresAction && scene.entries.isEmpty)
        try scene.look(invoice.with("Expired", [part]), at: 901)
        #expect(scene.charge.status == .expired)
        #expect(scene.balances == [Self.coins: 1000, "suspense:crypto:BTC": -1000])
        #expect(scene.exceptions.map(\.reason) == [.amountMismatch])
        // The other part comes late: nothing is fulfilled by itself.
        let rest = Payment(id: "tx2-0", value: "0.00001462", seen: 950, confirmations: 2)
        try scene.look(invoice.with("Expired", [part, rest]), at: 1200)
        #expect(scene.charge.status == .expired && scene.charge.amountCaptured.minorUnits == 0)
        #expect(scene.balances == [Self.coins: 2462, "suspense:crypto:BTC": -2462] && scene.bookedOnce)
        #expect(scene.exceptions.map(\.reason) == [.amountMismatch, .late])
    }

    @Test("late and whole, seen but never confirmed, replaced: no charge succeeds by itself")
    func notPaid() throws {
        var late = CryptoScene()
        try late.look(invoice.with("Expired", [Payment(seen: 1000, confirmations: 2)]), at: 1700)
        #expect(late.charge.status == .expired && late.exceptions.map(\.reason) == [.late])
        var invalid = CryptoScene()
        try invalid.look(invoice.with("Processing", [seen]), at: 101)
        try invalid.look(invoice.with("Invalid", [seen]), at: 4500)
        #expect(invalid.charge.status == .failed && invalid.charge.failure?.code == "payment_not_confirmed" && invalid.entries.isEmpty)
        var replaced = CryptoScene()
        try replaced.look(invoice, at: 1)
        try replaced.look(invoice.with("Processing", [seen]), at: 101)
        try replaced.look(invoice.with("New", [Payment(status: "Invalid")]), at: 300)
        #expect(replaced.charge.status == .requiresAction)
        try replaced.look(invoice.with("Expired", [Payment(status: "Invalid")]), at: 900)
        #expect(replaced.charge.status == .expired && replaced.entries.isEmpty)
    }

    @Test("a reorganisation takes everything back, finance sees it, and the payment's return books it again")
    func reorganised() throws {
        var scene = CryptoScene()
        let over = Payment(value: "0.00003000", confirmations: 2)
        try scene.look(invoice.with("Settled", [over]), at: 200)
        let settled = scene.balances
        let gone = invoice.with("Invalid", [Payment(value: "0.00003000", status: "Invalid")], reorganisations: 1)
        try scene.look(gone, at: 400)
        #expect(scene.balances == [:] && scene.charge.amountRefunded.minorUnits == 8000 && scene.charge.status == .succeeded)
        #expect(scene.exceptions.map(\.reason) == [.overpaid, .reorganised])
        #expect(scene.notifications.map(\.type) == [.chargeSucceeded, .paymentUnmatched, .refundSucceeded])
        try scene.look(invoice.with("Settled", [over], reorganisations: 1), at: 500)
        #expect(scene.balances == settled && scene.charge.amountRefunded.minorUnits == 0)
        try scene.look(gone.with("Invalid", reorganisations: 2), at: 600)
        #expect(scene.balances == [:] && scene.bookedOnce && scene.exceptions.count == 3)
        // A look that began before the others comes last.
        try scene.look(gone, at: 601)
        #expect(scene.balances == [:] && scene.bookedOnce && scene.exceptions.count == 3)
    }

    @Test("a price in the coin needs no rate and no exchange")
    func coinPrice() throws {
        let price = Amount(minorUnits: 2462, asset: .btc)
        var scene = CryptoScene(CryptoScene.charge(price))
        var text = invoice
        (text.amount, text.currency, text.rate) = ("0.00002462", "BTC", nil)
        try scene.look(text.with("Settled", [Payment(value: "0.00002500", confirmations: 6)]), at: 200)
        #expect(scene.balances == [Self.coins: 2500, "orders:payable:BTC": -2462, "suspense:crypto:BTC": -38])
        try scene.look(text.with("Invalid", [Payment(value: "0.00002500", status: "Invalid")], reorganisations: 1), at: 300)
        #expect(scene.balances == [:] && scene.exceptions.map(\.reason) == [.overpaid, .reorganised])
    }

    @Test("two payments are one capture, named by both, and each is booked once in any order of looks")
    func orders() throws {
        let first = Payment(value: "0.00001000", seen: 100, confirmations: 2)
        let second = Payment(id: "tx2-0", value: "0.00001462", seen: 200, confirmations: 2)
        let third = Payment(id: "tx3-0", value: "0.00000100", seen: 300, confirmations: 2)
        var unconfirmed = second
        unconfirmed.confirmations = 0
        let looks = [
            invoice, invoice.with("New", [first]), invoice.with("Processing", [first, unconfirmed]),
            invoice.with("Settled", [first, second]), invoice.with("Settled", [first, second, third]),
        ]
        var expected = Self.paid
        expected[Self.coins] = 2562
        expected["suspense:crypto:BTC"] = -100
        for order in permutations(of: looks) {
            var scene = CryptoScene()
            for look in order + order { try scene.look(look, at: 400) }
            #expect(scene.balances == expected && scene.bookedOnce, "\(order.map(\.status))")
            #expect(scene.charge.status == .succeeded && scene.charge.paidBy == "bitcoin-testnet:tx1-0+bitcoin-testnet:tx2-0")
        }
    }

    @Test("looks that began with an older knowledge of the charge never book a payment twice")
    func staleLooks() throws {
        var random = SeededRandom.printed("stale looks")
        let payments = [
            Payment(value: "0.00001000", seen: 100, confirmations: 2),
            Payment(id: "tx2-0", value: "0.00001462", seen: 200, confirmations: 2),
            Payment(id: "tx3-0", value: "0.00002462", seen: 950, confirmations: 2),
        ]
        for _ in 0..<2000 {
            var scene = CryptoScene()
            var known = [scene.charge]
            var booked: Set<String> = []
            for _ in 0..<6 {
                let visible = Array(payments.prefix(Int.random(in: 0...3, using: &random)))
                let status = ["New", "Settled", "Expired", "Invalid"].randomElement(using: &random) ?? "New"
                let second = ([300, 1000, 5000] as [Int64]).randomElement(using: &random) ?? 300
                let earlier = known.randomElement(using: &random)
                // A look with an older knowledge may miss a payment that the charge holds by now; then it says nothing.
                try? scene.look(invoice.with(status, visible), at: second, knowing: earlier)
                known.append(scene.charge)
                booked.formUnion(visible.map(\.id))
            }
            let most = payments.filter { booked.contains($0.id) }.reduce(Int128(0)) { sum, payment in
                sum + ((try? Amount(decimal: payment.value, asset: .btc).minorUnits) ?? 0)
            }
            #expect(scene.bookedOnce && scene.balance(Self.coins) <= most && scene.balance(Self.coins) >= 0)
            #expect(scene.balance("provider:crypto:clearing:THB") == 0)
        }
    }
}
