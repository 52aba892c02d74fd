import Payments
import TestSupport
import Testing

@Suite("ChargeTransitions")
struct ChargeTransitionsTests {
    @Test("the committed picture is the table's")
    func picture() throws {
        let document = try Fixture.text("docs/charge-states.md")
        #expect(document.contains("```mermaid\n\(ChargeTransitions.diagram)```"))
    }

    @Test("nothing leaves succeeded, and money in time or an earlier cancellation is all that reopens a closed charge")
    func terminal() {
        let leaving = { (status: ChargeStatus) in ChargeTransitions.table.filter { $0.from == status } }
        #expect(leaving(.succeeded).isEmpty)
        #expect(leaving(.canceled).map(\.fact) == [.capturedInTime])
        #expect(leaving(.expired).map(\.fact) == [.canceled, .capturedInTime])
    }

    @Test("no status has two ways by one fact")
    func deterministic() {
        let edges = ChargeTransitions.table.map { "\($0.from) \($0.fact)" }
        #expect(Set(edges).count == edges.count)
    }

    @Test("every open charge can end", arguments: ChargeStatus.allCases.filter(\.isOpen))
    func canEnd(status: ChargeStatus) {
        for fact in [ChargeTransitions.FactName.captured, .canceled, .expired] {
            #expect(ChargeTransitions.destination(from: status, by: fact) != nil)
        }
    }
}
