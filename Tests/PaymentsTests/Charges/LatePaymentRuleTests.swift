import Payments
import TestSupport
import Testing

@Suite("Late payments")
struct LatePaymentRuleTests {
    private let suspense = ChartOfAccounts.suspense(.stripe, .thb)
    private let expired = ChargeFixture.fact(.expired, at: 200)

    @Test("a payment after expiry goes to suspense, whether the expiry was noticed or not")
    func late() {
        for facts in [[expired, ChargeFixture.captured(at: 201)], [ChargeFixture.captured(at: 201), expired]] {
            let told = ChargeFixture.tell(facts, to: ChargeFixture.charge(expiresAt: 200))
            #expect(told.charge.status == .expired)
            #expect(told.reasons == [.late])
            #expect(told.balance(suspense) == 15000)
        }
    }

    @Test("a payment before expiry that is told after it pays the charge")
    func toldLate() {
        let told = ChargeFixture.tell([expired, ChargeFixture.captured(at: 200)], to: ChargeFixture.charge(expiresAt: 200))
        #expect(told.charge.status == .succeeded)
        #expect(told.notifications == [.chargeExpired, .chargeSucceeded])
        #expect(told.reasons.isEmpty)
    }

    @Test("an authorisation in hand is captured after the deadline")
    func authorized() {
        let facts = [ChargeFixture.fact(.authorized(ChargeFixture.thb(15000)), at: 150), ChargeFixture.captured(at: 900)]
        let told = ChargeFixture.tell(facts, to: ChargeFixture.charge(capture: .manual, expiresAt: 200))
        #expect(told.charge.status == .succeeded)
    }

    @Test("a capture that overtakes its authorisation is not late either")
    func overtaken() {
        let facts = [
            ChargeFixture.fact(.authorized(ChargeFixture.thb(15000)), at: 150), ChargeFixture.captured(at: 900),
            ChargeFixture.fact(.processing, at: 140),
        ]
        for order in permutations(of: facts) {
            let told = ChargeFixture.tell(order + order, to: ChargeFixture.charge(capture: .manual, expiresAt: 200))
            #expect(told.charge.status == .succeeded && told.balance(suspense) == 0)
        }
    }

    @Test("where only the provider knows an end, that end counts")
    func endOfTheProvider() {
        let end = ChargeFixture.fact(.expired, at: 200)
        for order in permutations(of: [end, ChargeFixture.captured(at: 200)]) {
            #expect(ChargeFixture.tell(order, to: ChargeFixture.charge()).charge.status == .succeeded)
        }
        let late = ChargeFixture.tell([end, ChargeFixture.captured(at: 201)], to: ChargeFixture.charge())
        #expect(late.charge.status == .expired && late.reasons == [.late])
    }

    @Test("money for no charge is suspended, other facts about none are over")
    func unmatched() {
        let decision = SuspenseRule.unmatched(ChargeFixture.captured(), reason: .unknownCharge, at: Timestamp(seconds: 1))
        #expect(decision.effect == .suspended(.unknownCharge))
        #expect(decision.entries.count == 1)
        #expect(decision.notifications.map(\.type) == [.paymentUnmatched])
        let other = SuspenseRule.unmatched(ChargeFixture.fact(.processing), reason: .unknownCharge, at: Timestamp(seconds: 1))
        #expect(other.entries.isEmpty && other.notifications.isEmpty)
    }
}
