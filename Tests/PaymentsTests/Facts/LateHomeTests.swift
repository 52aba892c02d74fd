import Payments
import TestSupport
import Testing

/// Refunds and disputes that only name the payment, told before anything has said which charge that payment is of.
@Suite("Told before its charge was known")
struct LateHomeTests {
    private static let processing = ChargeFixture.fact(.processing, at: 102)
    private static let paid = ChargeFixture.captured(at: 105)
    private static let refund = CaseFixture.byReference(CaseFixture.refund(.succeeded, at: 112))

    @Test("a refund: taken from suspense, shown to finance, and put right when the payment comes")
    func refundFirst() {
        let before = CaseFixture.tell([Self.refund])
        #expect(before.suspense == -4000 && before.reasons == [.unknownCharge] && before.charge?.amountRefunded.minorUnits == 0)
        let told = CaseFixture.tell([Self.refund, Self.paid])
        #expect(told.suspense == 0 && told.payable == 11000 && told.clearing == 11000)
        #expect(told.exceptions.isEmpty && told.charge?.amountRefunded == CaseFixture.thb(4000))
        #expect(told.refund?.chargeID == ChargeFixture.id && told.refunds.count == 1)
        #expect(told.notifications == [.chargeSucceeded, .refundSucceeded])
        #expect(told.ordinals == told.ordinals.sorted())
    }

    @Test("a refund whose charge is known before it is paid: the payment makes suspense good")
    func knownBeforePaid() {
        let known = CaseFixture.tell([Self.refund, Self.processing])
        #expect(known.exceptions.isEmpty && known.suspense == -4000 && known.charge?.amountRefunded == CaseFixture.thb(4000))
        let told = CaseFixture.tell([Self.refund, Self.processing, Self.paid])
        #expect(told.suspense == 0 && told.payable == 11000)
    }

    @Test("a dispute that was lost before anybody knew of what")
    func disputeFirst() {
        let dispute = [CaseFixture.dispute(.opened, at: 130), CaseFixture.funds(.withdrawn, fee: 500), CaseFixture.dispute(.lost, at: 150)]
            .map(CaseFixture.byReference)
        let told = CaseFixture.tell(dispute + [Self.paid])
        #expect(told.suspense == 0 && told.payable == 0 && told.disputed == 0 && told.clearing == -500 && told.fees == 500)
        #expect(told.exceptions.isEmpty && told.charge?.amountLost == CaseFixture.thb(15000))
        #expect(told.disputes["du_a"]?.chargeID == ChargeFixture.id && told.notifications == [.chargeSucceeded, .disputeLost])
    }

    @Test("every order of every telling ends the same, and finance has nothing to do")
    func everyOrder() {
        let lives: [[PaymentFact]] = [
            [Self.processing, Self.paid, Self.refund, CaseFixture.byReference(CaseFixture.refund(.failed(reason: "x"), at: 113))],
            [
                Self.paid, Self.refund, CaseFixture.byReference(CaseFixture.funds(.withdrawn, 9000)),
                CaseFixture.byReference(CaseFixture.dispute(.lost, 9000, at: 150)),
            ],
            [
                Self.paid, CaseFixture.byReference(CaseFixture.funds(.withdrawn, 9000)),
                CaseFixture.byReference(CaseFixture.dispute(.lost, 9000, at: 150)), CaseFixture.dispute(.won, 9000, at: 160),
                CaseFixture.funds(.reinstated, 9000, transaction: "txn_b", at: 161),
            ],
        ]
        for life in lives {
            let expected = Outcome(CaseFixture.tell(life))
            #expect(expected.exceptions.isEmpty)
            for order in permutations(of: life) {
                #expect(Outcome(CaseFixture.tell(order)) == expected)
                #expect(Outcome(CaseFixture.tell(order.flatMap { [$0, $0] })) == expected)
            }
        }
    }

    @Test("a refund that names nothing finds its charge when it is told again with a name")
    func toldAgain() {
        let told = PaymentFact.Refund(refundID: nil, transaction: "re_a", amount: CaseFixture.thb(4000), state: .succeeded)
        let nameless = PaymentFact(provider: .stripe, subject: .unknown, kind: .refund(told), occurredAt: Timestamp(seconds: 112))
        let outcome = CaseFixture.tell([Self.paid, nameless, CaseFixture.refund(.succeeded, at: 112)])
        #expect(outcome.suspense == 0 && outcome.payable == 11000 && outcome.exceptions.isEmpty)
    }

    @Test("another currency stays with finance")
    func foreign() {
        let usd = Amount(minorUnits: 4000, asset: .usd)
        let refund = PaymentFact.Refund(refundID: nil, transaction: "re_a", amount: usd, state: .succeeded)
        let told = CaseFixture.tell([CaseFixture.byReference(ChargeFixture.fact(.refund(refund), at: 112)), Self.paid])
        #expect(told.reasons == [.unknownCharge] && told.payable == 15000 && told.refund?.chargeID == ChargeFixture.id)
    }

    private struct Outcome: Equatable {
        let balances: [Int128]
        let refunds: Set<String>
        let disputes: Set<String>
        let exceptions: [String]

        init(_ told: CaseFixture.Told) {
            balances =
                [told.clearing, told.payable, told.suspense, told.disputed, told.fees]
                + [told.charge?.amountCaptured, told.charge?.amountRefunded, told.charge?.amountLost].map { $0?.minorUnits ?? 0 }
            refunds = Set(told.refunds.values.map { "\($0.providerReference ?? "") \($0.status) \($0.chargeID == nil)" })
            disputes = Set(told.disputes.values.map { "\($0.providerReference) \($0.status) \($0.chargeID == nil) \($0.amountWrittenOff)" })
            exceptions = told.exceptions.map { "\($0.cause) \($0.reason)" }.sorted()
        }
    }
}
