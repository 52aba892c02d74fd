import Payments
import Testing

@Suite("Disputes")
struct DisputeFactsTests {
    private let paid = ChargeFixture.captured()

    @Test("one that is won: taken with a fee, given back without it")
    func won() {
        let told = CaseFixture.tell([
            paid, CaseFixture.dispute(.opened), CaseFixture.funds(.withdrawn, fee: 5000), CaseFixture.dispute(.underReview, at: 140),
            CaseFixture.dispute(.won, at: 150), CaseFixture.funds(.reinstated, transaction: "txn_b", at: 151),
        ])
        #expect(told.clearing == 10000 && told.payable == 15000 && told.disputed == 0 && told.fees == 5000)
        #expect(told.disputes["du_a"]?.status == .won)
        #expect(told.notifications == [.chargeSucceeded, .disputeOpened, .disputeWon])
        #expect(told.charge?.amountLost == CaseFixture.thb(0))
    }

    @Test("one that is lost is written off, and counts on the charge")
    func lost() {
        let told = CaseFixture.tell([
            paid, CaseFixture.dispute(.opened, 10000), CaseFixture.funds(.withdrawn, 10000, fee: 5000),
            CaseFixture.dispute(.lost, 10000, at: 150),
        ])
        #expect(told.clearing == 0 && told.payable == 5000 && told.disputed == 0 && told.fees == 5000)
        #expect(told.notifications == [.chargeSucceeded, .disputeOpened, .disputeLost])
        #expect(told.charge?.amountLost == CaseFixture.thb(10000))
        #expect(told.charge?.refundable(beside: []) == CaseFixture.thb(5000))
    }

    @Test("an appeal that is won finds the loss again")
    func appeal() {
        let told = CaseFixture.tell([
            paid, CaseFixture.funds(.withdrawn), CaseFixture.dispute(.lost, at: 150), CaseFixture.dispute(.underReview, at: 160),
            CaseFixture.dispute(.won, at: 170), CaseFixture.funds(.reinstated, transaction: "txn_b", at: 171),
        ])
        #expect(told.clearing == 15000 && told.payable == 15000 && told.disputed == 0)
        #expect(told.disputes["du_a"]?.status == .won && told.charge?.amountLost == CaseFixture.thb(0))
        #expect(told.notifications == [.chargeSucceeded, .disputeLost, .disputeWon])
    }

    @Test("an inquiry moves no money and is not told")
    func inquiry() {
        let told = CaseFixture.tell([paid, CaseFixture.dispute(.inquiry), CaseFixture.dispute(.closed, at: 150)])
        #expect(told.clearing == 15000 && told.notifications == [.chargeSucceeded])
        #expect(told.disputes["du_a"]?.status == .closed)
    }

    @Test("lost after all was given back shows finance that more went back than came in")
    func lostAndRefunded() {
        let told = CaseFixture.tell([
            paid, CaseFixture.refund(.succeeded, 15000), CaseFixture.funds(.withdrawn), CaseFixture.dispute(.lost, at: 150),
        ])
        #expect(told.reasons == [.returnsExceedCapture] && told.payable == -15000 && told.clearing == -15000)
    }

    @Test("one of nothing we know is booked and shown to finance")
    func unknown() {
        let told = CaseFixture.tell([CaseFixture.funds(.withdrawn), CaseFixture.dispute(.lost, at: 150)], to: nil)
        #expect(told.clearing == -15000 && told.disputed == 0 && told.suspense == -15000)
        #expect(told.reasons == [.unknownCharge] && told.notifications.isEmpty)
    }
}
