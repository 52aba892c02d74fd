import Payments
import TestSupport
import Testing

/// Invariant 11: whole lives in random order, each fact also twice, end as they do in the order in which they happened.
@Suite("Whole lives in any order")
struct WholeLifeTests {
    @Test("random lives, shuffled and repeated")
    func shuffled() {
        var random = SeededRandom.printed("whole lives")
        for _ in 0..<1500 {
            let seed = random.next()
            let life = WholeLife(seed)
            let usual = CaseFixture.tell(life.facts, to: life.charge)
            let expected = Outcome(usual)
            #expect(usual.ordinals == usual.ordinals.sorted())
            for _ in 0..<4 {
                let order = (life.facts + (Bool.random(using: &random) ? life.facts : [])).shuffled(using: &random)
                let told = CaseFixture.tell(order, to: life.charge)
                #expect(Outcome(told) == expected, "life \(seed): \(order.map { "\($0.kind) at \($0.occurredAt.seconds)" })")
                #expect(told.ordinals == told.ordinals.sorted(), "life \(seed)")
            }
        }
    }

    @Test("the lives reach every end")
    func reach() {
        var ends: Set<ChargeStatus> = []
        var disputes: Set<DisputeStatus> = []
        var refunds: Set<RefundStatus> = []
        for seed in 0..<400 as Range<UInt64> {
            let life = WholeLife(seed)
            let told = CaseFixture.tell(life.facts, to: life.charge)
            if let charge = told.charge { ends.insert(charge.status) }
            disputes.formUnion(told.disputes.values.map(\.status))
            refunds.formUnion(told.refunds.values.map(\.status))
        }
        #expect(ends.isSuperset(of: [.succeeded, .canceled, .expired]))
        #expect(disputes.isSuperset(of: [.won, .lost]) && refunds.isSuperset(of: [.succeeded, .failed]))
    }

    /// What must not depend on the order.
    private struct Outcome: Equatable {
        let charge: [String]
        let refunds: Set<String>
        let disputes: Set<String>
        let settlements: Set<String>
        let balances: [Int128]
        let exceptions: [String]

        init(_ told: CaseFixture.Told) {
            charge =
                told.charge.map { charge in
                    [
                        charge.status.rawValue, "\(charge.amountCaptured) \(charge.amountRefunded) \(charge.amountLost)",
                        "\(String(describing: charge.nextAction)) \(String(describing: charge.failure))", charge.providerReference ?? "",
                    ]
                } ?? []
            refunds = Set(told.refunds.values.map { "\($0.providerReference ?? "") \($0.status) \($0.amount) \($0.chargeID == nil)" })
            disputes = Set(
                told.disputes.values.map {
                    "\($0.providerReference) \($0.status) \($0.amount) \($0.amountWithdrawn) \($0.amountWrittenOff) \($0.chargeID == nil)"
                }
            )
            settlements = Set(told.settlements.values.map { "\($0.providerReference) \($0.status) \($0.amount)" })
            balances = [told.clearing, told.payable, told.suspense, told.disputed, told.fees, told.inTransit]
            // Which of two payments paid the charge is the first told; the other's amount is the same.
            exceptions = told.exceptions.map { "\($0.reason) \($0.amount)" }.sorted()
        }
    }
}
