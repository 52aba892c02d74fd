import Payments
import TestSupport
import Testing

/// Facts of one payment, told in every order and twice, end in the same state with the same books.
@Suite("Charge facts in any order")
struct ChargePermutationTests {
    private static let redirect = NextAction.redirect(url: "https://bank.example")

    /// Lives that a provider can tell, each in the order in which it happened.
    private static let lives: [[PaymentFact]] = [
        [
            ChargeFixture.fact(.actionRequired(redirect), at: 101), ChargeFixture.fact(.processing, at: 102),
            ChargeFixture.fact(.attemptFailed(ChargeFixture.declined), at: 103), ChargeFixture.fact(.actionRequired(redirect), at: 104),
            ChargeFixture.captured(at: 105),
        ],
        [
            ChargeFixture.fact(.actionRequired(redirect), at: 101), ChargeFixture.fact(.processing, at: 102),
            ChargeFixture.fact(.attemptFailed(ChargeFixture.declined), at: 103), ChargeFixture.fact(.canceled, at: 104),
        ],
        [
            ChargeFixture.fact(.processing, at: 101), ChargeFixture.captured(at: 102), ChargeFixture.captured(transaction: "pi_2", at: 103),
            ChargeFixture.captured(14000, transaction: "pi_3", at: 104),
        ],
        [
            ChargeFixture.fact(.actionRequired(redirect), at: 101), ChargeFixture.fact(.expired, at: 200), ChargeFixture.captured(at: 201),
            ChargeFixture.fact(.canceled, at: 202),
        ],
    ]

    @Test("every order gives the same status and the same books", arguments: [0, 1, 2, 3])
    func everyOrder(life: Int) {
        let facts = Self.lives[life]
        let charge = ChargeFixture.charge(expiresAt: life == 3 ? 200 : nil)
        let expected = Outcome(ChargeFixture.tell(facts, to: charge))
        for order in permutations(of: facts) {
            #expect(Outcome(ChargeFixture.tell(order, to: charge)) == expected)
            #expect(Outcome(ChargeFixture.tell(order + order.reversed(), to: charge)) == expected)
        }
    }

    @Test("authorised with manual capture, in every order")
    func manualCapture() {
        let facts = [
            ChargeFixture.fact(.actionRequired(Self.redirect), at: 101), ChargeFixture.fact(.authorized(ChargeFixture.thb(15000)), at: 102),
            ChargeFixture.captured(9000, at: 103),
        ]
        for order in permutations(of: facts) {
            let told = ChargeFixture.tell(order, to: ChargeFixture.charge(capture: .manual))
            #expect(told.charge.status == .succeeded)
            #expect(told.charge.amountCaptured == ChargeFixture.thb(9000))
        }
    }

    @Test("random facts in random order never lose money, never leave the table, and the books balance")
    func randomFacts() {
        var random = SeededRandom.printed("random facts")
        for _ in 0..<5000 {
            let charge = ChargeFixture.charge(expiresAt: Bool.random(using: &random) ? 150 : nil)
            let facts = (0..<8).map { _ in Self.randomFact(&random) }
            let told = ChargeFixture.tell(facts, to: charge)
            let received = Dictionary(
                facts.compactMap { fact -> (String, Int128)? in
                    guard case .captured(let capture) = fact.kind else { return nil }
                    return (capture.transaction, capture.amount.minorUnits)
                },
                uniquingKeysWith: { first, _ in first }
            )
            #expect(told.balance(ChartOfAccounts.clearing(.stripe, .thb)) == received.values.reduce(0, +))
            #expect(told.charge.amountCaptured.minorUnits == told.balance(ChartOfAccounts.ordersPayable(.thb)))
            #expect((told.charge.status == .succeeded) == (told.charge.paidBy != nil))
            #expect(told.notifications.filter { $0 == .chargeSucceeded }.count <= 1)
        }
    }

    /// What must not depend on the order.
    private struct Outcome: Equatable {
        let status: ChargeStatus
        let captured: Int128
        let clearing: Int128
        let suspense: Int128

        init(_ told: ChargeFixture.Told) {
            status = told.charge.status
            clearing = told.balance(ChartOfAccounts.clearing(.stripe, .thb))
            suspense = told.balance(ChartOfAccounts.suspense(.stripe, .thb))
            captured = told.charge.amountCaptured.minorUnits
        }
    }

    private static func randomFact(_ random: inout SeededRandom) -> PaymentFact {
        let time = Int64.random(in: 101...199, using: &random)
        return switch Int.random(in: 0..<8, using: &random) {
        case 0: ChargeFixture.fact(.actionRequired(redirect), at: time)
        case 1: ChargeFixture.fact(.processing, at: time)
        case 2: ChargeFixture.fact(.attemptFailed(ChargeFixture.declined), at: time)
        case 3: ChargeFixture.fact(.canceled, at: time)
        case 4: ChargeFixture.fact(.expired, at: 150)
        case 5: ChargeFixture.captured(15000, transaction: "pi_\(Int.random(in: 1...3, using: &random))", at: time)
        case 6: ChargeFixture.captured(14999, transaction: "pi_\(Int.random(in: 4...5, using: &random))", at: time)
        default: ChargeFixture.fact(.authorized(ChargeFixture.thb(15000)), at: time)
        }
    }
}
