import Payments
import TestSupport

/// Makes the whole life of a charge as a provider can tell it, in the order in which it happens.
struct WholeLife {
    let charge: Charge
    private(set) var facts: [PaymentFact] = []
    private var clock: Int64 = 101
    private var random: SeededRandom

    static let expiry: Int64 = 10_000

    /// A life that chance chooses.
    init(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let isManual = Bool.random(using: &random)
        charge = ChargeFixture.charge(capture: isManual ? .manual : .automatic, expiresAt: WholeLife.expiry)
        self.random = random
        begin()
        switch Int.random(in: 0..<10, using: &self.random) {
        case 0: tell(ChargeFixture.fact(.canceled, at: moment()))
        case 1: endWithoutPayment(isManual: isManual)
        default: pay(isManual: isManual)
        }
        if chance(3) { settle() }
    }

    /// Providers tell whole seconds, and much happens in one.
    private mutating func moment() -> Int64 {
        clock += Int64.random(in: 0...2, using: &random)
        return clock
    }

    private mutating func chance(_ outOf: Int) -> Bool {
        Int.random(in: 0..<outOf, using: &random) == 0
    }

    private mutating func tell(_ fact: PaymentFact) {
        facts.append(fact)
    }

    /// What belongs to a payment may be told by the payment's name alone.
    private mutating func tellByAnyName(_ fact: PaymentFact) {
        tell(Bool.random(using: &random) ? CaseFixture.byReference(fact) : fact)
    }

    private mutating func begin() {
        for attempt in 0..<Int.random(in: 1...3, using: &random) {
            tell(ChargeFixture.fact(.actionRequired(.redirect(url: "https://bank.example/\(attempt)")), at: moment()))
            if chance(2) {
                clock += 1
                tell(ChargeFixture.fact(.processing, at: clock))
                clock += 1
            }
            if chance(3) { tell(ChargeFixture.fact(.attemptFailed(ChargeFixture.declined), at: moment())) }
        }
    }

    private mutating func endWithoutPayment(isManual: Bool) {
        tell(ChargeFixture.fact(.expired, at: WholeLife.expiry))
        clock = WholeLife.expiry + 1
        if chance(2) { tell(ChargeFixture.fact(.canceled, at: moment())) }
        guard !isManual else { return }
        tell(ChargeFixture.captured(transaction: "pi_late", at: moment()))
        if chance(2) { tellByAnyName(CaseFixture.refund(.succeeded, 15000, transaction: "re_late", at: moment())) }
    }

    private mutating func pay(isManual: Bool) {
        var captured: Int128 = 15000
        if isManual {
            tell(ChargeFixture.fact(.authorized(ChargeFixture.thb(15000)), at: moment()))
            captured = Int128.random(in: 1...150, using: &random) * 100
        }
        tell(ChargeFixture.captured(captured, at: moment()))
        if chance(4) { tell(ChargeFixture.fact(.expired, at: WholeLife.expiry)) }
        if !isManual, chance(3) { tell(ChargeFixture.captured(transaction: "pi_twice", at: chance(2) ? WholeLife.expiry + 5 : moment())) }
        if chance(2) { tell(CaseFixture.fee(captured / 30 + 1)) }
        var left = captured
        for name in ["re_a", "re_b"] where chance(2) && left > 1 {
            let amount = Int128.random(in: 1...Int128(left - 1), using: &random)
            if giveBack(amount, name) { left -= amount }
        }
        if chance(2), left > 0 { dispute(left) }
    }

    /// Tells whether the money stayed away.
    private mutating func giveBack(_ amount: Int128, _ name: String) -> Bool {
        tellByAnyName(CaseFixture.refund(.pending, amount, transaction: name, at: moment()))
        if chance(3) { tellByAnyName(CaseFixture.refund(.requiresAction, amount, transaction: name, at: moment())) }
        tellByAnyName(CaseFixture.refund(.succeeded, amount, transaction: name, at: moment()))
        guard chance(3) else { return true }
        tellByAnyName(CaseFixture.refund(.failed(reason: "declined"), amount, transaction: name, at: moment()))
        return false
    }

    private mutating func dispute(_ amount: Int128) {
        if chance(2) { tellByAnyName(CaseFixture.dispute(.inquiry, amount, at: moment())) }
        tellByAnyName(CaseFixture.dispute(.opened, amount, at: moment()))
        tellByAnyName(CaseFixture.funds(.withdrawn, amount, fee: chance(2) ? 500 : nil, at: moment()))
        if chance(2) { tellByAnyName(CaseFixture.dispute(.underReview, amount, at: moment())) }
        clock += 1
        if chance(2) {
            tellByAnyName(CaseFixture.dispute(.lost, amount, at: moment()))
            clock += 1
            guard chance(3) else { return }
        }
        tellByAnyName(CaseFixture.dispute(.won, amount, at: moment()))
        tellByAnyName(CaseFixture.funds(.reinstated, amount, transaction: "txn_b", at: moment()))
    }

    private mutating func settle() {
        let states: [PaymentFact.Payout.State] = [.pending, .inTransit, .paid] + (chance(3) ? [.failed] : [])
        for state in states { tell(CaseFixture.payout(state)) }
    }
}
