import Payments
import Testing

@Suite("Refunds")
struct RefundFactsTests {
    private let paid = ChargeFixture.captured()

    @Test("a refund moves money when it succeeded, is told once, and counts on the charge")
    func succeeded() {
        let told = CaseFixture.tell([paid, CaseFixture.refund(.pending), CaseFixture.refund(.succeeded), CaseFixture.refund(.succeeded)])
        #expect(told.clearing == 11000 && told.payable == 11000)
        #expect(told.charge?.amountRefunded == CaseFixture.thb(4000))
        #expect(told.charge?.status == .succeeded)
        #expect(told.notifications == [.chargeSucceeded, .refundSucceeded])
        #expect(told.entries.last?.cause.text == "stripe:re_a:refunded")
    }

    @Test("one that fails after it succeeded comes back, and can be given again")
    func failedLater() {
        let told = CaseFixture.tell([paid, CaseFixture.refund(.succeeded), CaseFixture.refund(.failed(reason: "lost_or_stolen_card"))])
        #expect(told.clearing == 15000 && told.payable == 15000)
        #expect(told.charge?.amountRefunded == CaseFixture.thb(0))
        #expect(told.refund?.failure?.providerCode == "lost_or_stolen_card")
        #expect(told.notifications == [.chargeSucceeded, .refundSucceeded, .refundFailed])
        #expect(told.charge?.refundable(beside: Array(told.refunds.values)) == CaseFixture.thb(15000))
        #expect(told.ordinals == told.ordinals.sorted())
    }

    @Test("one that is pending counts against what is left")
    func pending() {
        let told = CaseFixture.tell([paid, CaseFixture.refund(.requiresAction)], refunds: [CaseFixture.asked(1000)])
        #expect(told.charge?.refundable(beside: Array(told.refunds.values)) == CaseFixture.thb(10000))
        #expect(told.clearing == 15000 && told.refunds.count == 2)
    }

    @Test("ours is found by our id, by the provider's name, and where the provider carries no id by its amount")
    func matching() {
        let asked = CaseFixture.asked()
        for id in [asked.id, nil] {
            let told = CaseFixture.tell([paid, CaseFixture.refund(.succeeded, id: id)], refunds: [asked])
            #expect(told.refunds.count == 1 && told.refunds[asked.id]?.status == .succeeded)
            #expect(told.refunds[asked.id]?.providerReference == "re_a")
        }
        let other = CaseFixture.tell([paid, CaseFixture.refund(.succeeded, 1000)], refunds: [asked])
        #expect(other.refunds.count == 2 && other.refunds[asked.id]?.status == .pending)
    }

    @Test("a refusal fails ours and moves nothing; what the provider did all the same is booked")
    func refused() {
        let asked = CaseFixture.asked()
        let failure = ChargeFailure(code: "refund_refused", message: "No.", isRetryable: false)
        let refusal = ChargeFixture.fact(.refundRefused(PaymentFact.RefundRefusal(refundID: asked.id, failure: failure)))
        let told = CaseFixture.tell([paid, refusal, refusal], refunds: [asked])
        #expect(told.refund?.status == .failed && told.refund?.failure == failure)
        #expect(told.clearing == 15000 && told.notifications == [.chargeSucceeded, .refundFailed])
        let after = CaseFixture.tell([paid, refusal, CaseFixture.refund(.succeeded, id: asked.id)], refunds: [asked])
        #expect(after.clearing == 11000 && after.charge?.amountRefunded == CaseFixture.thb(4000))
        let before = CaseFixture.tell([paid, CaseFixture.refund(.succeeded, id: asked.id), refusal], refunds: [asked])
        #expect(before.clearing == 11000 && before.refund?.status == .succeeded)
    }

    @Test("more than was captured is booked and shown to finance")
    func tooMuch() {
        let facts = [paid, CaseFixture.refund(.succeeded, 9000), CaseFixture.refund(.succeeded, 9000, transaction: "re_b")]
        let told = CaseFixture.tell(facts)
        #expect(told.clearing == -3000 && told.payable == -3000)
        #expect(told.reasons == [.returnsExceedCapture])
    }

    @Test("a refund of nothing we know is booked against suspense, shown to finance, and comes back from there")
    func unknownCharge() {
        let told = CaseFixture.tell([CaseFixture.refund(.succeeded)], to: nil)
        #expect(told.clearing == -4000 && told.suspense == -4000)
        #expect(told.reasons == [.unknownCharge] && told.notifications.isEmpty)
        let back = CaseFixture.tell([CaseFixture.refund(.failed(reason: "x")), CaseFixture.refund(.succeeded)], to: nil)
        #expect(back.clearing == 0 && back.suspense == 0)
    }

    @Test("money that goes back before its payment is known is taken from suspense, and the payment makes that good")
    func beforeCapture() {
        let told = CaseFixture.tell([CaseFixture.refund(.succeeded)])
        #expect(told.suspense == -4000)
        let both = CaseFixture.tell([CaseFixture.refund(.succeeded), paid])
        #expect(both.suspense == 0 && both.payable == 11000 && both.clearing == 11000)
        let late = CaseFixture.tell(
            [CaseFixture.refund(.succeeded, 15000), ChargeFixture.captured(at: 300)],
            to: ChargeFixture.charge(expiresAt: 200)
        )
        #expect(late.suspense == 0 && late.payable == 0 && late.clearing == 0)
    }

    @Test("another amount than was asked for is booked as it was given, and shown to finance")
    func otherAmount() {
        let asked = CaseFixture.asked()
        let told = CaseFixture.tell([paid, CaseFixture.refund(.succeeded, 5000, id: asked.id)], refunds: [asked])
        #expect(told.clearing == 10000 && told.reasons == [.amountMismatch] && told.refund?.amount == CaseFixture.thb(5000))
    }
}
