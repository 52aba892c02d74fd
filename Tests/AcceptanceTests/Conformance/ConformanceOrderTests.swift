import StrictJSON
import TestSupport
import Testing

/// Every event of a provider in every order, and twice: the same charge, the same news, and books that balance.
///
/// Events of one charge follow each other strictly in the first round, each only when all is done that came of the one before; then
/// all of them come once more, in another order and at once.
@Suite("Conformance: the order of events")
struct ConformanceOrderTests {
    @Test(
        "in every order and twice: the charge and its news are the same, and the balances are those of so many lives",
        .timeLimit(.minutes(10)),
        arguments: ConformanceLifeCase.all
    )
    func everyOrder(lifeCase: ConformanceLifeCase) async throws {
        let (subject, life) = (lifeCase.subject, lifeCase.life)
        try await subject.run { stage in
            var random = SeededRandom.printed("orders of \(lifeCase.testDescription)")
            try await subject.misbehave(stage, #"{"hold":true}"#)
            try await life.prepare(stage)

            var one = HeldLives(subject: subject, life: life, stage: stage)
            try await one.live(inOrders: [Array(life.events.indices)])
            try await one.deliverInTurn()
            try await one.check()
            let balances = try await one.balances()
            #expect(balances["orders:payable:\(subject.currency)"] ?? 0 == HeldLives.minorUnits(life.owed))
            let suspense = balances.filter { $0.key.hasPrefix("suspense:") }.values.reduce(0, +)
            #expect(suspense == HeldLives.minorUnits(life.suspense))

            let orders = life.orders(&random)
            var many = HeldLives(subject: subject, life: life, stage: stage)
            try await many.live(inOrders: orders)
            try await many.deliverInTurn()
            try await many.check()
            try await many.deliverAgain(&random)
            try await many.check()

            let count = Int128(orders.count + 1)
            #expect(try await many.balances() == balances.mapValues { $0 * count })
            #expect(try await stage.webhooks("&status=failed").isEmpty)
            #expect(try await stage.booksAreRight())
            if BookChecker.areAvailable { #expect(try await stage.complaint(of: .hledger) == nil) }
            try await many.check()
        }
    }
}
