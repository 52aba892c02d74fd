import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

/// What goes back after a payment at every provider: refunds, and disputes that are won or lost.
@Suite("Conformance: money that goes back")
struct ConformanceReturnsTests {
    private static func refunded(_ stage: Stage, _ charge: JSONValue, becomes amount: String) async throws -> Bool {
        try await waitUntil(.seconds(90)) {
            try await stage.get("/v1/charges/\(charge["id"]?.string ?? "")").json["amount_refunded"]?.string == amount
        }
    }

    @Test("given back in parts, and never more than was paid", arguments: ConformanceSubject.all(with: .refunds))
    func refunds(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            let charge = try await subject.paid(stage)
            let orders = [
                (#"{"amount":"\#(subject.part)"}"#, subject.part, subject.part, "refund_amount_too_large"),
                ("{}", subject.rest, subject.amount, "charge_not_refundable"),
            ]
            for (order, amount, total, refusal) in orders {
                let refund = try await stage.operate(charge, "refunds", order)
                #expect(refund.status == (subject.takeRefund == nil ? 200 : 202) && refund.json["amount"]?.string == amount)
                // What waits for the customer counts already.
                #expect(try await stage.operate(charge, "refunds", #"{"amount":"\#(subject.part)"}"#).code == refusal)
                try await subject.takeRefund?(stage, refund.json)
                #expect(try await Self.refunded(stage, charge, becomes: total))
            }
            #expect(try await stage.told(charge["id"]?.string, subject.told + ["refund.succeeded", "refund.succeeded"]))
            #expect(try await subject.rests(stage, owed: "0.00"))
            #expect(try await subject.holdings(stage).returned == 2)
        }
    }

    @Test("what cannot be given back is refused", arguments: ConformanceSubject.all(without: .refunds))
    func noRefunds(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            let charge = try await subject.paid(stage)
            #expect(try await stage.operate(charge, "refunds", "{}").code == "refund_not_supported")
            #expect(try await subject.rests(stage, owed: subject.amount))
        }
    }

    @Test(
        "disputed, and won or lost: the money comes back or is written off, what it cost stays, and both are told",
        arguments: ConformanceSubject.all(with: .disputes),
        [true, false]
    )
    func disputed(subject: ConformanceSubject, isWon: Bool) async throws {
        let dispute = try #require(subject.dispute)
        try await subject.run { stage in
            let account = { (name: String) in "\(name):\(subject.currency)" }
            let charge = try await subject.paid(stage)
            let name = try await dispute.open(stage, charge)
            #expect(try await stage.told(charge["id"]?.string, subject.told + ["dispute.opened"]))
            #expect(try await stage.balance(account("disputes:\(subject.provider.text)"), becomes: subject.amount))
            try await dispute.conclude(stage, name, isWon)
            let end = isWon ? "dispute.won" : "dispute.lost"
            #expect(try await stage.told(charge["id"]?.string, subject.told + ["dispute.opened", end]))
            #expect(try await stage.balance(account("disputes:\(subject.provider.text)"), becomes: "0.00"))
            #expect(try await stage.balance(account("fees:\(subject.provider.text)"), becomes: dispute.fees))
            let clearing = account("provider:\(subject.provider.text):clearing")
            #expect(try await stage.balance(clearing, becomes: isWon ? dispute.won : dispute.lost))
            #expect(try await subject.rests(stage, owed: isWon ? subject.amount : "0.00"))
            // What was lost cannot be given back once more.
            let refund = try await stage.operate(charge, "refunds", "{}")
            #expect(isWon ? refund.status == 200 : refund.code == "charge_not_refundable", "\(refund.status)")
        }
    }
}
