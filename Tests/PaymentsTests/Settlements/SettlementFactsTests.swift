import Payments
import Testing

@Suite("Settlements and fees")
struct SettlementFactsTests {
    @Test("money is in transit from the first word that it left, once")
    func sent() {
        let told = CaseFixture.tell([CaseFixture.payout(.pending), CaseFixture.payout(.inTransit), CaseFixture.payout(.paid)])
        #expect(told.clearing == -9000 && told.inTransit == 9000 && told.entries.count == 1)
        #expect(told.settlements["po_a"]?.status == .paid)
    }

    @Test("one that the bank sends back after it was paid comes back, in either order")
    func sentBack() {
        for facts in [[PaymentFact.Payout.State.paid, .failed], [.failed, .paid]] {
            let told = CaseFixture.tell(facts.map { CaseFixture.payout($0) })
            #expect(told.clearing == 0 && told.inTransit == 0 && told.settlements["po_a"]?.status == .failed)
        }
    }

    @Test("a provider that we owe something takes it from our bank")
    func negative() {
        let told = CaseFixture.tell([CaseFixture.payout(.paid, -500)])
        #expect(told.clearing == 500 && told.inTransit == -500)
        #expect(CaseFixture.tell([CaseFixture.payout(.paid, -500), CaseFixture.payout(.failed, -500)]).clearing == 0)
    }

    @Test("what the provider gives back of a fee is booked the other way, once")
    func feeGivenBack() {
        let told = CaseFixture.tell([
            ChargeFixture.captured(), CaseFixture.fee(937), CaseFixture.fee(-37, transaction: "re_fee"),
            CaseFixture.fee(-37, transaction: "re_fee"),
        ])
        #expect(told.clearing == 14100 && told.fees == 900 && told.payable == 15000)
    }

    @Test("a fee is booked once for its movement, and none of nothing")
    func fee() {
        let told = CaseFixture.tell([
            ChargeFixture.captured(), CaseFixture.fee(937), CaseFixture.fee(937), CaseFixture.fee(0, transaction: "x"),
        ])
        #expect(told.clearing == 14063 && told.fees == 937 && told.payable == 15000)
    }
}
