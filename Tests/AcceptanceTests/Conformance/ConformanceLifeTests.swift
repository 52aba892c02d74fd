import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

/// The life of a charge at every provider: what it can do is done, what it cannot is refused by its name, and the books are right.
@Suite("Conformance: the whole life of a charge")
struct ConformanceLifeTests {
    @Test("paid, told in order, and owed for the order", arguments: ConformanceSubject.all)
    func paid(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            let charge = try await subject.paid(stage)
            #expect(charge["amount_captured"]?.string == subject.amount && charge["provider"]?.string == subject.provider.text)
            #expect(charge["provider_reference"]?.string?.isEmpty == false)
            #expect(try await stage.told(charge["id"]?.string, subject.told))
            #expect(try await subject.rests(stage, owed: subject.amount))
            #expect(try await subject.holdings(stage).taken == 1)
        }
    }

    @Test("held, then taken whole or in part, or let go", arguments: ConformanceSubject.all(with: .holds))
    func held(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            for (order, amount) in [(#"{"amount":"\#(subject.part)"}"#, subject.part), ("{}", subject.amount)] {
                let taken = try await subject.paid(stage, capture: "manual")
                #expect(taken["amount_captured"]?.string == "0.00")
                #expect(try await stage.operate(taken, "capture", order).status == 200)
                let captured = try await stage.charge(taken["id"]?.string, becomes: "succeeded")
                #expect(captured["amount_captured"]?.string == amount)
                #expect(try await stage.told(taken["id"]?.string, subject.asked + ["charge.authorized", "charge.succeeded"]))
                #expect(try await stage.operate(taken, "capture", "{}").code == "charge_not_capturable")
            }
            let left = try await subject.paid(stage, capture: "manual")
            #expect(try await stage.operate(left, "cancel").status == 200)
            _ = try await stage.charge(left["id"]?.string, becomes: "canceled")
            #expect(try await stage.operate(left, "capture", "{}").code == "charge_not_capturable")
            // 60.00 and 100.00.
            #expect(try await subject.rests(stage, owed: "160.00"))
            #expect(try await subject.holdings(stage).taken == 2)
        }
    }

    @Test("what cannot be held is not begun", arguments: ConformanceSubject.all(without: .holds))
    func notHeld(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            let answer = try await subject.ask(stage, capture: "manual")
            #expect(answer.code == "capture_not_supported")
            #expect(try await subject.holdings(stage).payments == 0)
        }
    }

    @Test(
        "the payer is told what to do; a charge that nobody pays is closed on request, and expires by itself",
        arguments: ConformanceSubject.all(with: .payerAction)
    )
    func unpaid(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            let closed = try await subject.make(stage)
            #expect(closed["next_action"]?["type"]?.string == subject.nextAction)
            #expect(try await stage.operate(closed, "cancel").status == 200)
            _ = try await stage.charge(closed["id"]?.string, becomes: "canceled")
            #expect(try await stage.operate(closed, "cancel").code == "charge_not_cancelable")
            let forgotten = try await subject.make(stage, members: subject.members + #","expires_in":6"#)
            _ = try await stage.charge(forgotten["id"]?.string, becomes: "expired")
            #expect(try await stage.told(forgotten["id"]?.string, ["charge.requires_action", "charge.expired"]))
            #expect(try await subject.rests(stage, owed: "0"))
        }
    }

    @Test(
        "every decline fails the charge with its code, says whether another try may help, books nothing and is told once",
        arguments: ConformanceSubject.all(with: .declines)
    )
    func declined(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            for decline in subject.declines {
                let charge = try await decline.make(stage, subject)
                let failure = try await stage.charge(charge["id"]?.string, becomes: "failed")["failure"]
                #expect(
                    failure?["code"]?.string == decline.code && failure?["provider_code"]?.string == decline.providerCode,
                    "\(decline.name)"
                )
                #expect(failure?["retryable"]?.bool == decline.isRetryable, "\(decline.name)")
                #expect(failure?["message"]?.string?.isEmpty == false, "\(decline.name)")
                #expect(try await waitUntil(.seconds(90)) { try await stage.types(of: charge["id"]?.string).last == "charge.failed" })
            }
            #expect(try await subject.rests(stage, owed: "0"))
            let told = try await stage.send(.get, stage.orderCore("/notifications")).json["data"]?.array ?? []
            #expect(told.count { $0["type"]?.string == "charge.failed" } == subject.declines.count)
        }
    }
}
