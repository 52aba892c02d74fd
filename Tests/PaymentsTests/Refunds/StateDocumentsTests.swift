import Payments
import TestSupport
import Testing

@Suite("The documents of the state machines")
struct StateDocumentsTests {
    @Test(
        "the committed picture is the table's",
        arguments: [
            ("refund", RefundTransitions.diagram), ("dispute", DisputeTransitions.diagram), ("settlement", SettlementTransitions.diagram),
            ("withdrawal", WithdrawalTransitions.diagram),
        ]
    )
    func picture(name: String, diagram: String) throws {
        #expect(try Fixture.text("docs/\(name)-states.md").contains("```mermaid\n\(diagram)```"))
    }

    @Test("no status has two ways by one fact")
    func deterministic() {
        let refunds = RefundTransitions.table.map { "\($0.from) \($0.fact)" }
        let disputes = DisputeTransitions.table.map { "\($0.from) \($0.fact)" }
        #expect(Set(refunds).count == refunds.count && Set(disputes).count == disputes.count)
    }

    @Test("nothing leaves failed, and only failure leaves succeeded")
    func terminal() {
        #expect(RefundTransitions.table.allSatisfy { $0.from != .failed })
        #expect(RefundTransitions.table.filter { $0.from == .succeeded }.allSatisfy { !$0.to.countsAgainstCharge })
        #expect(SettlementTransitions.table.allSatisfy { $0.from != .failed })
    }

    @Test("an outcome of a dispute gives way to a later outcome and to nothing else")
    func outcomes() {
        #expect(
            DisputeTransitions.table.filter { $0.from.isOutcome }.allSatisfy { $0.to.isOutcome && $0.fact.rawValue.hasSuffix("_later") }
        )
        #expect(DisputeTransitions.table.filter { !$0.from.isOutcome }.allSatisfy { !$0.fact.rawValue.hasSuffix("_later") })
    }
}
