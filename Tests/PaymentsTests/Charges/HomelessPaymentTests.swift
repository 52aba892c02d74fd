import Payments
import TestSupport
import Testing

/// What a bank's QR can bring beside the one right payment: each ends the same whatever comes first and however often it is told.
@Suite("Payments beside the right one, in any order")
struct HomelessPaymentTests {
    private static let expiry: Int64 = 200

    private static func paid(_ satang: Int128, _ transaction: String, at seconds: Int64, asset: Asset = .thb) -> PaymentFact {
        let capture = PaymentFact.Capture(amount: Amount(minorUnits: satang, asset: asset), transaction: transaction)
        return ChargeFixture.fact(.captured(capture), at: seconds)
    }

    private static let expired = ChargeFixture.fact(.expired, at: expiry)

    /// The right payment in time, and those that are not.
    private static let right = paid(15000, "T1", at: 150)
    private static let others = [
        paid(14999, "T2", at: 151), paid(15001, "T3", at: 152), paid(15000, "T4", at: 153, asset: .usd),
    ]

    @Test("short, over and foreign payments before and after the right one: all of them are booked, and one that is enough pays")
    func everyOrder() {
        let facts = [Self.right, Self.expired] + Self.others
        for order in permutations(of: facts) {
            for telling in [order, order + order.reversed()] {
                let told = ChargeFixture.tell(telling, to: ChargeFixture.charge(expiresAt: Self.expiry))
                let paysOver = told.charge.paidBy == "T3"
                #expect(told.charge.status == .succeeded && (paysOver || told.charge.paidBy == "T1"))
                #expect(told.balance(ChartOfAccounts.ordersPayable(.thb)) == 15000)
                #expect(told.balance(ChartOfAccounts.suspense(.stripe, .thb)) == 30000)
                #expect(told.balance(ChartOfAccounts.suspense(.stripe, .usd)) == 15000)
                let reasons: [SuspenseReason] = [.amountMismatch, .currencyMismatch, .duplicatePayment] + (paysOver ? [.overpaid] : [])
                #expect(Set(told.reasons) == Set(reasons) && told.reasons.count == reasons.count)
                #expect(told.notifications.filter { $0 == .paymentUnmatched }.count == reasons.count)
            }
        }
    }

    @Test("two right payments: one pays, the other is shown to finance, whichever comes first")
    func twice() {
        let second = Self.paid(15000, "T5", at: 151)
        for order in permutations(of: [Self.right, second, Self.expired]) {
            let told = ChargeFixture.tell(order + order, to: ChargeFixture.charge(expiresAt: Self.expiry))
            #expect(told.charge.status == .succeeded)
            #expect(told.reasons == [.duplicatePayment])
            #expect(told.balance(ChartOfAccounts.ordersPayable(.thb)) == 15000)
            #expect(told.balance(ChartOfAccounts.suspense(.stripe, .thb)) == 15000)
        }
    }

    @Test("too much, twice, too little and too late, in every order: the charge's amount is the order's, the rest is in suspense")
    func overpaid() {
        let facts = [
            Self.paid(15250, "T1", at: 150), Self.paid(15250, "T2", at: 151), Self.paid(14000, "T3", at: 152),
            Self.paid(15250, "T4", at: 201), Self.expired,
        ]
        for order in permutations(of: facts) {
            for telling in [order, order + order.reversed()] {
                let told = ChargeFixture.tell(telling, to: ChargeFixture.charge(expiresAt: Self.expiry))
                #expect(told.charge.status == .succeeded && told.charge.amountCaptured == ChargeFixture.thb(15000))
                #expect(told.balance(ChartOfAccounts.ordersPayable(.thb)) == 15000)
                #expect(told.balance(ChartOfAccounts.suspense(.stripe, .thb)) == 250 + 15250 + 14000 + 15250)
                #expect(Set(told.reasons) == [.overpaid, .duplicatePayment, .amountMismatch, .late] && told.reasons.count == 4)
            }
        }
    }

    @Test("the bank's time decides what is late, not the order of the news")
    func late() {
        let late = Self.paid(15000, "T6", at: 201)
        let atTheEnd = Self.paid(15000, "T7", at: 200)
        for order in permutations(of: [late, Self.expired]) {
            let told = ChargeFixture.tell(order + order, to: ChargeFixture.charge(expiresAt: Self.expiry))
            #expect(told.charge.status == .expired && told.reasons == [.late])
            #expect(told.balance(ChartOfAccounts.suspense(.stripe, .thb)) == 15000)
        }
        for order in permutations(of: [atTheEnd, Self.expired, late]) {
            let told = ChargeFixture.tell(order + order, to: ChargeFixture.charge(expiresAt: Self.expiry))
            #expect(told.charge.status == .succeeded && told.charge.paidBy == "T7")
            #expect(told.balance(ChartOfAccounts.suspense(.stripe, .thb)) == 15000)
        }
    }

    @Test("money for nobody is booked with its reason, and facts without money are not")
    func unmatched() {
        for reason in [SuspenseReason.unknownCharge, .ambiguous] {
            let decision = SuspenseRule.unmatched(Self.right, reason: reason, at: Timestamp(seconds: 1))
            #expect(decision.effect == .suspended(reason) && decision.entries.count == 1 && decision.exceptions.count == 1)
            #expect(decision.notifications.map(\.type) == [.paymentUnmatched])
        }
        #expect(SuspenseRule.unmatched(Self.expired, reason: .unknownCharge, at: Timestamp(seconds: 1)) == .alreadyKnown)
    }
}
