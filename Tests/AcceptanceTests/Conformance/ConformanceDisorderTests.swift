import HTTPTypes
import StrictJSON
import TestSupport
import Testing

/// Webhooks and answers that are late, lost, doubled or reversed, at every provider: one payment, one entry, one notification.
@Suite("Conformance: disorder")
struct ConformanceDisorderTests {
    @Test("webhooks three times, last first, or late: the same books and the same news", arguments: ConformanceSubject.all)
    func webhooks(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            let orders = [#"{"duplicate":2,"delay_ms":1}"#, #"{"order":"reverse"}"#, #"{"delay_ms":700}"#]
            for order in orders {
                let both = #"{"webhooks":\#(order),\#(order.dropFirst().dropLast())}"#
                try await subject.misbehave(stage, both)
                let charge = try await subject.make(stage)
                let id = charge["id"]?.string
                if subject.has(.payerAction) { try await subject.pay(stage, charge) }
                // What is caused while the order stands is held back, too.
                let isPaid = try await waitUntil(.seconds(90)) {
                    try await stage.control(subject.orders(stage, "flush"), "{}")
                    return try await stage.get("/v1/charges/\(id ?? "")").json["status"]?.string == "succeeded"
                }
                #expect(isPaid, "\(order)")
                #expect(try await stage.told(id, subject.told), "\(order)")
            }
            try await subject.misbehave(stage, #"{"webhooks":{},"duplicate":0}"#)
            #expect(try await subject.rests(stage, owed: "300.00"))
        }
    }

    @Test("an answer that never came: the charge is processing, then one payment", arguments: ConformanceSubject.all(with: .creation))
    func lostAnswers(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            for mode in subject.lostAnswers {
                try await subject.misbehave(stage, #"{"mode":"\#(mode)","count":1}"#)
                let charge = try await subject.make(stage)
                let id = charge["id"]?.string
                #expect(["processing", "requires_action", "succeeded"].contains(charge["status"]?.string), "\(mode)")
                if subject.has(.payerAction) {
                    try await subject.pay(stage, try await stage.charge(id, becomes: "requires_action"))
                }
                #expect(try await stage.charge(id, becomes: "succeeded")["amount_captured"]?.string == subject.amount, "\(mode)")
                #expect(try await stage.told(id, subject.told), "\(mode)")
            }
            let holdings = try await subject.holdings(stage)
            #expect(holdings.taken == subject.lostAnswers.count)
            #expect(holdings.payments == holdings.taken || !subject.has(.singleCreation) && holdings.payments > holdings.taken)
            #expect(try await subject.rests(stage, owed: "\(100 * subject.lostAnswers.count).00"))
        }
    }

    @Test("one key is one payment, however often it is asked for at once", arguments: ConformanceSubject.all)
    func oneKey(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            let body = #"{"order_id":"o","amount":"\#(subject.amount)","currency":"\#(subject.currency)",\#(subject.members)}"#
            let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let answer = try await stage.createCharge(body, key: "one")
                        return answer.status == 409 ? nil : answer.json["id"]?.string ?? "nothing"
                    }
                }
                return try await group.reduce(into: Set<String>()) { if let id = $1 { $0.insert(id) } }
            }
            #expect(ids.count == 1)
            #expect(try await stage.get("/v1/charges?order_id=o").json["data"]?.array?.count == 1)
            #expect(try await subject.holdings(stage).payments == (subject.has(.creation) ? 1 : 0))
        }
    }
}
