import HTTPTypes
import Payments
import Providers
import StrictJSON
import TestSupport
import Testing

/// The door that every provider's webhooks come through.
@Suite("Conformance: the door for webhooks")
struct ConformanceDoorTests {
    private static func post(_ stage: Stage, _ subject: ConformanceSubject, _ webhook: UnverifiedWebhook) async throws -> Stage.Answer {
        var headers = webhook.headers
        headers[.contentType] = "application/json"
        let path = "/webhooks/\(subject.provider.text)" + (webhook.pathSecret.map { "/\($0)" } ?? "")
        return try await stage.send(.post, stage.gatewayURL + path, headers: headers, body: webhook.body)
    }

    @Test(
        "a burst of ten thousand forgeries leaves nothing behind: no row, no word but a few in the log, and an open door",
        .timeLimit(.minutes(10)),
        arguments: ConformanceSubject.all(with: .door)
    )
    func burst(subject: ConformanceSubject) async throws {
        let settings = subject.settings
        try await Stage.run(changes: settings, simulators: ["order-core", subject.simulator]) { stage, gateway in
            let lines = gateway.lines.count
            let forge = try await subject.forger(stage)
            let (workers, each) = (16, 625)
            let refused = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<workers {
                    group.addTask {
                        var refused = 0
                        for number in 0..<each {
                            let answer = try await Self.post(stage, subject, forge(subject.door.event("forged-\(worker)-\(number)")))
                            if answer.status == 400, answer.code == "webhook_refused", answer.json["detail"] == nil { refused += 1 }
                        }
                        return refused
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(refused == workers * each)
            #expect(try await stage.webhooks().isEmpty)
            #expect(gateway.lines.count - lines < 20)
            _ = try await subject.paid(stage)
            #expect(try await subject.rests(stage, owed: subject.amount))
        }
    }

    @Test(
        "only the very delivery is let in, and however often it comes it is one event",
        arguments: ConformanceSubject.all(with: .door)
    )
    func forgeries(subject: ConformanceSubject) async throws {
        try await subject.run(changes: subject.liveSecrets) { stage in
            let whole = try await subject.delivery(stage, subject.door.event("whole"))
            let forgeries = subject.forgeries(of: whole)
            #expect(forgeries.count >= 3)
            for forged in forgeries {
                let answer = try await Self.post(stage, subject, forged.webhook)
                #expect(answer.status == 400 && answer.code == "webhook_refused", "\(forged.name): \(answer.status)")
            }
            #expect(try await stage.webhooks().isEmpty)
            for _ in 0..<3 { #expect(try await Self.post(stage, subject, whole).status == 200) }
            #expect(try await stage.webhooks().count == 1)
            for (outcome, count) in [("stored", 1.0), ("duplicate", 2)] {
                let labels = ["provider": subject.provider.text, "outcome": outcome]
                #expect(try await stage.metric("truvapay_webhooks_received_total", labels, becomes: count), "\(outcome)")
            }
        }
    }

    @Test("a body of a mebibyte is the most", arguments: ConformanceSubject.all(with: .door))
    func size(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            for (count, status) in [(1 << 20, 400), ((1 << 20) + 1, 413)] {
                let webhook = UnverifiedWebhook(headers: [:], body: [UInt8](repeating: UInt8(ascii: " "), count: count))
                let answer = try await Self.post(stage, subject, webhook)
                #expect(answer.status == status, "\(count)")
            }
            let events = try await stage.webhooks()
            #expect(events.isEmpty)
        }
    }

    @Test(
        "an event of an unknown type is kept, answered 200 each time, ignored and counted",
        arguments: ConformanceSubject.all(with: .door, .eventTypes)
    )
    func unknownType(subject: ConformanceSubject) async throws {
        try await subject.run(changes: subject.liveSecrets) { stage in
            for secret in 0..<2 {
                let webhook = try await subject.delivery(stage, subject.door.event("unknown"), secret: secret)
                #expect(try await Self.post(stage, subject, webhook).status == 200)
            }
            #expect(try await stage.settled())
            let events = try await stage.webhooks()
            #expect(events.count == 1 && events.first?["status"]?.string == "ignored" && events.first?["attempts"]?.int64 == 1)
            for (outcome, count) in [("ignored", 1.0), ("failed", 0)] {
                let labels = ["provider": subject.provider.text, "outcome": outcome]
                #expect(try await stage.metric("truvapay_webhooks_processed_total", labels, becomes: count), "\(outcome)")
            }
            #expect(try await subject.rests(stage, owed: "0"))
        }
    }
}
