import Payments
import TestSupport
import Testing

/// Facts that can truly come in any order, and those that can come again: only the provider's time decides.
@Suite("The provider's time decides, not the order of the news")
struct ChargeOrderTests {
    private static let first = NextAction.redirect(url: "https://bank.example/1")
    private static let second = NextAction.redirect(url: "https://bank.example/2")
    private static let expiry: Int64 = 195

    private static func action(_ action: NextAction, at seconds: Int64) -> PaymentFact {
        ChargeFixture.fact(.actionRequired(action), at: seconds)
    }

    private static func failed(_ code: String, at seconds: Int64) -> PaymentFact {
        ChargeFixture.fact(.attemptFailed(ChargeFailure(code: code, message: "It failed.", isRetryable: true)), at: seconds)
    }

    @Test("an older action does not call a charge back that was processing all the time")
    func olderAction() {
        let told = ChargeFixture.tell(
            [ChargeFixture.fact(.processing, at: 120), Self.action(Self.first, at: 110)],
            to: ChargeFixture.charge()
        )
        #expect(told.charge.status == .processing && told.charge.nextAction == nil && told.notifications.isEmpty)
    }

    @Test("the customer tries again: each action is shown, the newest at the end, whatever comes first")
    func backAndForth() {
        let facts = [
            Self.action(Self.first, at: 110), ChargeFixture.fact(.processing, at: 120), Self.action(Self.second, at: 130),
            ChargeFixture.fact(.processing, at: 125),
        ]
        for order in permutations(of: facts) {
            let told = ChargeFixture.tell(order + order.reversed(), to: ChargeFixture.charge())
            #expect(told.charge.status == .requiresAction && told.charge.nextAction == Self.second)
        }
    }

    @Test("in one second the answer comes after the question, and one of two questions counts")
    func oneSecond() {
        let facts = [Self.action(Self.first, at: 110), Self.action(Self.second, at: 110)]
        for order in permutations(of: facts) {
            #expect(ChargeFixture.tell(order, to: ChargeFixture.charge()).charge.nextAction == Self.second)
        }
        for order in permutations(of: facts + [ChargeFixture.fact(.processing, at: 110)]) {
            #expect(ChargeFixture.tell(order, to: ChargeFixture.charge()).charge.status == .processing)
        }
    }

    @Test("a new action is told to the order core, the same one is not told again")
    func toldAgain() {
        let told = ChargeFixture.tell(
            [Self.action(Self.first, at: 110), Self.action(Self.first, at: 111), Self.action(Self.second, at: 112)],
            to: ChargeFixture.charge()
        )
        #expect(told.notifications == [.chargeRequiresAction, .chargeRequiresAction] && told.charge.version == 3)
    }

    @Test("the newest failure is shown")
    func failures() {
        for order in permutations(of: [Self.failed("b", at: 110), Self.failed("a", at: 111), Self.failed("c", at: 105)]) {
            #expect(ChargeFixture.tell(order, to: ChargeFixture.charge()).charge.failure?.code == "a")
        }
    }

    @Test("failed, canceled and expired end the same in every order", arguments: [100, 150, 199, 205] as [Int64])
    func closings(canceledAt: Int64) {
        let facts = [
            Self.failed("a", at: 110), ChargeFixture.fact(.canceled, at: canceledAt), ChargeFixture.fact(.expired, at: Self.expiry),
        ]
        for order in permutations(of: facts) {
            let told = ChargeFixture.tell(order + order, to: ChargeFixture.charge(expiresAt: Self.expiry))
            #expect(told.charge.status == (canceledAt < Self.expiry ? .canceled : .expired))
        }
    }

    @Test("money paid before a cancellation pays the charge, also in the same second")
    func paidBeforeCanceled() {
        let facts = [
            ChargeFixture.captured(at: 150), ChargeFixture.fact(.canceled, at: 150), ChargeFixture.fact(.expired, at: Self.expiry),
        ]
        for order in permutations(of: facts) {
            let told = ChargeFixture.tell(order + order, to: ChargeFixture.charge(expiresAt: Self.expiry))
            #expect(told.charge.status == .succeeded && told.reasons.isEmpty)
        }
    }

    @Test("random facts, many in one second: every order ends in the same charge and the same books")
    func randomOrder() {
        var random = SeededRandom.printed("the order of facts")
        for _ in 0..<4000 {
            let charge = ChargeFixture.charge(expiresAt: Self.expiry)
            let facts = (0..<Int.random(in: 2...9, using: &random)).map { _ in Self.randomFact(&random) }
            let expected = Outcome(ChargeFixture.tell(facts, to: charge))
            let other = facts.shuffled(using: &random)
            #expect(Outcome(ChargeFixture.tell(other, to: charge)) == expected, "\(facts)")
            #expect(Outcome(ChargeFixture.tell(other + facts.shuffled(using: &random), to: charge)) == expected, "\(facts)")
        }
    }

    /// Cancellations come after every payment in time: one that reaches a paid charge has not happened.
    private static func randomFact(_ random: inout SeededRandom) -> PaymentFact {
        let time = Int64.random(in: 101...106, using: &random)
        let codes = ["a", "b", "c"]
        return switch Int.random(in: 0..<10, using: &random) {
        case 0: action(Bool.random(using: &random) ? first : second, at: time)
        case 1, 2: ChargeFixture.fact(.processing, at: time)
        case 3: failed(codes[Int.random(in: 0..<3, using: &random)], at: time)
        case 4: ChargeFixture.fact(.canceled, at: Int64.random(in: 110...200, using: &random))
        case 5: ChargeFixture.fact(.expired, at: expiry)
        case 6: ChargeFixture.captured(transaction: "pi_\(Int.random(in: 1...2, using: &random))", at: 105)
        case 7: ChargeFixture.captured(14999, transaction: "pi_3", at: 104)
        case 8: ChargeFixture.fact(.authorized(ChargeFixture.thb(15000)), at: time)
        default: action(second, at: time)
        }
    }

    /// What must not depend on the order.
    private struct Outcome: Equatable {
        let status: ChargeStatus
        let nextAction: NextAction?
        let failure: ChargeFailure?
        let balances: [Int128]

        init(_ told: ChargeFixture.Told) {
            status = told.charge.status
            nextAction = told.charge.nextAction
            failure = told.charge.failure
            balances = [
                told.charge.amountCaptured.minorUnits, told.balance(ChartOfAccounts.clearing(.stripe, .thb)),
                told.balance(ChartOfAccounts.suspense(.stripe, .thb)), told.balance(ChartOfAccounts.ordersPayable(.thb)),
            ]
        }
    }
}
