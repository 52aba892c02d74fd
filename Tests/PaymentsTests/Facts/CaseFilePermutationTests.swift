import Payments
import TestSupport
import Testing

/// What providers tell after a payment, in every order and twice, ends in the same state with the same books.
@Suite("Refunds, disputes and settlements in any order")
struct CaseFilePermutationTests {
    private static let paid = ChargeFixture.captured(at: 105)

    /// Lives that a provider can tell, each in the order in which it happened.
    private static let lives: [[PaymentFact]] = [
        [
            paid, CaseFixture.refund(.pending, at: 110), CaseFixture.refund(.requiresAction, at: 111),
            CaseFixture.refund(.succeeded, at: 112),
            CaseFixture.refund(.failed(reason: "declined"), at: 113),
        ],
        [
            paid, CaseFixture.refund(.succeeded, at: 110), CaseFixture.refund(.pending, 9000, transaction: "re_b", at: 111),
            CaseFixture.refund(.succeeded, 9000, transaction: "re_b", at: 112),
            CaseFixture.refund(.failed(reason: "declined"), 9000, transaction: "re_b", at: 113),
        ],
        [
            paid, CaseFixture.dispute(.opened, at: 130), CaseFixture.funds(.withdrawn, fee: 5000, at: 131),
            CaseFixture.dispute(.won, at: 150), CaseFixture.funds(.reinstated, transaction: "txn_b", at: 151),
        ],
        [
            paid, CaseFixture.dispute(.inquiry, at: 120), CaseFixture.dispute(.opened, at: 130),
            CaseFixture.funds(.withdrawn, fee: 5000, at: 131), CaseFixture.dispute(.lost, at: 150),
        ],
        [
            paid, CaseFixture.funds(.withdrawn, at: 131), CaseFixture.dispute(.lost, at: 150), CaseFixture.dispute(.won, at: 160),
            CaseFixture.funds(.reinstated, transaction: "txn_b", at: 161),
        ],
        [
            CaseFixture.fee(937), CaseFixture.payout(.inTransit), CaseFixture.payout(.paid), CaseFixture.payout(.failed), paid,
        ],
        [
            paid, CaseFixture.refund(.succeeded, 10000, at: 110), CaseFixture.funds(.withdrawn, at: 131),
            CaseFixture.dispute(.lost, at: 150), ChargeFixture.captured(transaction: "pi_2", at: 160),
        ],
    ]

    @Test("every order gives the same states and the same books", arguments: lives.indices)
    func everyOrder(life: Int) {
        let facts = Self.lives[life]
        let expected = Outcome(CaseFixture.tell(facts))
        for order in permutations(of: facts) {
            #expect(Outcome(CaseFixture.tell(order)) == expected)
            #expect(Outcome(CaseFixture.tell(order + order.reversed())) == expected)
            #expect(Outcome(CaseFixture.tell(order.flatMap { [$0, $0] })) == expected)
        }
    }

    @Test("a refund of ours in every order with its refusal never moves money that did not move")
    func ours() {
        let asked = CaseFixture.asked()
        let facts = [
            Self.paid, CaseFixture.refund(.pending, id: asked.id, at: 110), CaseFixture.refund(.succeeded, id: asked.id, at: 111),
            CaseFixture.refund(.canceled, id: asked.id, at: 112),
        ]
        for order in permutations(of: facts) {
            let told = CaseFixture.tell(order + order, refunds: [asked])
            #expect(told.clearing == 15000 && told.refunds.count == 1 && told.refund?.status == .canceled)
        }
    }

    @Test("random facts in random order: the books hold what the facts say is at the provider, and more never goes back unseen")
    func randomFacts() throws {
        var random = SeededRandom.printed("refunds, disputes and settlements")
        for _ in 0..<3000 {
            let facts = (0..<Int.random(in: 1...14, using: &random)).map { _ in Self.randomFact(&random) }
            let told = CaseFixture.tell(facts)
            #expect(told.clearing == Self.clearing(facts))
            #expect(Outcome(CaseFixture.tell(facts.shuffled(using: &random))) == Outcome(told))
            let charge = try #require(told.charge)
            let returned = charge.amountRefunded.minorUnits + charge.amountLost.minorUnits
            #expect(charge.amountRefunded.minorUnits >= 0 && charge.amountLost.minorUnits >= 0)
            if charge.paidBy != nil {
                #expect(told.payable == charge.amountCaptured.minorUnits - returned)
                #expect(returned <= charge.amountCaptured.minorUnits || told.reasons.contains(.returnsExceedCapture))
            } else {
                #expect(told.payable == 0)
            }
            #expect(told.ordinals == told.ordinals.sorted(), "the order core must be told in order")
        }
    }

    /// What must not depend on the order.
    private struct Outcome: Equatable {
        let refunds: [String: RefundStatus]
        let disputes: [String: DisputeStatus]
        let settlements: [String: SettlementStatus]
        let amounts: [Int128]
        let balances: [Int128]

        init(_ told: CaseFixture.Told) {
            refunds = Dictionary(told.refunds.values.map { ($0.providerReference ?? "", $0.status) }) { first, _ in first }
            disputes = told.disputes.mapValues(\.status)
            settlements = told.settlements.mapValues(\.status)
            let charge = told.charge
            amounts = [charge?.amountCaptured, charge?.amountRefunded, charge?.amountLost].map { $0?.minorUnits ?? 0 }
            balances = [told.clearing, told.payable, told.suspense, told.disputed, told.fees, told.inTransit]
        }
    }

    private static func randomFact(_ random: inout SeededRandom) -> PaymentFact {
        let time = Int64.random(in: 101...1_000_000, using: &random)
        let which = Int.random(in: 1...3, using: &random)
        let states: [PaymentFact.Refund.State] = [.pending, .requiresAction, .succeeded, .failed(reason: "x"), .canceled]
        let stages = PaymentFact.Dispute.Stage.allCases
        return switch Int.random(in: 0..<6, using: &random) {
        case 0: ChargeFixture.captured(15000, transaction: "pi_1", at: time)
        case 1, 2:
            CaseFixture.refund(states[Int.random(in: 0..<5, using: &random)], Int128(which) * 3000, transaction: "re_\(which)", at: time)
        case 3: CaseFixture.dispute(stages[Int.random(in: 0..<6, using: &random)], 4000, dispute: "du_\(which % 2)", at: time)
        case 4:
            CaseFixture.funds(
                which == 3 ? .reinstated : .withdrawn,
                4000,
                fee: which == 2 ? 500 : nil,
                dispute: "du_\(which % 2)",
                transaction: "txn_\(which)",
                at: time
            )
        default:
            Bool.random(using: &random)
                ? CaseFixture.fee(Int128(which), transaction: "fee_\(which)")
                : CaseFixture.payout(PaymentFact.Payout.State.allCases[Int.random(in: 0..<5, using: &random)], payout: "po_\(which)")
        }
    }

    /// What the facts themselves say is at the provider.
    private static func clearing(_ facts: [PaymentFact]) -> Int128 {
        var captured: [String: Int128] = [:]
        var refunds: [String: (amount: Int128, isGiven: Bool, isBack: Bool)] = [:]
        var moved: [String: Int128] = [:]
        var payouts: [String: (amount: Int128, isSent: Bool, isBack: Bool)] = [:]
        for fact in facts {
            switch fact.kind {
            case .captured(let capture): captured[capture.transaction] = capture.amount.minorUnits
            case .refund(let refund):
                var known = refunds[refund.transaction] ?? (refund.amount.minorUnits, false, false)
                switch refund.state {
                case .succeeded: known.isGiven = true
                case .failed, .canceled: known.isBack = true
                case .pending, .requiresAction: break
                }
                refunds[refund.transaction] = known
            case .disputeFunds(let funds):
                let whole = funds.amount.minorUnits + (funds.fee?.minorUnits ?? 0)
                moved[funds.transaction] = funds.direction == .withdrawn ? -whole : whole
            case .fee(let fee): moved[fee.transaction] = -fee.amount.minorUnits
            case .payout(let payout):
                var known = payouts[payout.payout] ?? (payout.amount.minorUnits, false, false)
                switch payout.state {
                case .inTransit, .paid: known.isSent = true
                case .failed, .canceled: known.isBack = true
                case .pending: break
                }
                payouts[payout.payout] = known
            default: break
            }
        }
        return captured.values.reduce(0, +) + moved.values.reduce(0, +)
            - refunds.values.reduce(0) { $1.isGiven && !$1.isBack ? $0 + $1.amount : $0 }
            - payouts.values.reduce(0) { $1.isSent && !$1.isBack ? $0 + $1.amount : $0 }
    }
}
