import StrictJSON
import TestSupport
import Testing

/// What may be charged at every provider, to the last unit.
@Suite("Conformance: limits and currencies")
struct ConformanceLimitsTests {
    @Test(
        "the least and the most pass, one unit beyond does not, nor another currency; what is refused reaches no provider",
        arguments: ConformanceSubject.all
    )
    func limits(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            let limits = subject.limits
            let isPositive = limits.belowLeast.contains { $0 != "0" && $0 != "." }
            #expect(try await subject.ask(stage, amount: limits.belowLeast).code == (isPositive ? "amount_too_small" : "invalid_amount"))
            #expect(try await subject.ask(stage, amount: limits.aboveMost).code == "amount_too_large")
            #expect(try await subject.ask(stage, amount: limits.tooPrecise).code == "invalid_amount")
            #expect(try await subject.ask(stage, currency: limits.foreignCurrency).code == "currency_not_supported")
            #expect(try await subject.ask(stage, currency: "XXX").code == "unknown_currency")
            #expect(try await stage.get("/v1/charges").json["data"]?.array?.isEmpty == true)
            #expect(try await subject.holdings(stage).payments == 0)
            for amount in [limits.least, limits.most] {
                let answer = try await subject.ask(stage, amount: amount)
                #expect(answer.status == 201 && answer.json["status"]?.string == limits.status, "\(amount)")
                #expect(answer.json["amount"]?.string == amount)
            }
        }
    }
}
