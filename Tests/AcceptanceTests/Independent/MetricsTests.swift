import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("Metrics, read by Prometheus' own parser", .enabled(if: PythonEnvironment.isAvailable))
struct MetricsTests {
    /// What the parser finds: how many series, after everything it has to complain about.
    private static func series(_ stage: Stage) async throws -> Int {
        let answer = try await stage.send(.get, stage.gatewayURL + "/metrics")
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = folder.path + "/metrics"
        try Data(answer.body).write(to: URL(fileURLWithPath: file))
        let (status, lines) = try await PythonEnvironment.run(PythonEnvironment.script("metrics"), arguments: [file])
        #expect(status == 0, "\(lines.joined(separator: "\n"))")
        return lines.last.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? 0
    }

    /// Payments and mischief, with other names and amounts every time.
    private static func visit(_ stage: Stage, _ round: Int) async throws {
        let charge = try await stage.createPromptPay("1\(round).00")
        try await stage.pay(charge)
        _ = try await stage.charge(charge["id"]?.string, becomes: "succeeded")
        let card = try await stage.createCard(amount: "2\(round).00")
        for token in ["pm_card_visa_chargeDeclined", "pm_card_threeDSecure2Required"] { _ = try await stage.createCard(token) }
        let unknown = Stage.confirmation(reference: "NOBODY\(round)", amount: "3\(round).00")
        for secret in [Stage.bankSecret, Stage.bankSecret, "wrong"] { _ = try await stage.postBank(unknown, secret: secret) }
        _ = try await stage.get("/v1/charges/\(card["id"]?.string ?? "")")
        _ = try await stage.get("/v1/charges/ch_nonsense\(round)")
        _ = try await stage.createCharge("{}", token: "tvp_nobody\(round)")
        for path in ["/nowhere/\(round)", "/webhooks/nobody\(round)", "/v1/charges/\(round)/\(round)"] {
            _ = try await stage.send(.post, stage.gatewayURL + path)
        }
        for method in ["STRANGE\(round)", "DELETE"] {
            guard let method = HTTPRequest.Method(method) else { continue }
            _ = try await stage.send(method, stage.gatewayURL + "/v1/charges")
        }
        #expect(try await stage.settled())
        #expect(try await stage.told(charge["id"]?.string, ["charge.requires_action", "charge.succeeded"]))
        #expect(try await stage.told(card["id"]?.string, ["charge.succeeded"]))
    }

    @Test("every family is named and explained, no label is an id or an amount, and use makes no new series")
    func metrics() async throws {
        try await Stage.run { stage, _ in
            try await Self.visit(stage, 1)
            // The request for the metrics is itself a series, from its second time on.
            _ = try await Self.series(stage)
            let before = try await Self.series(stage)
            for round in 2...7 { try await Self.visit(stage, round) }
            let after = try await Self.series(stage)
            #expect(before > 50)
            // An answer and its webhook can overtake each other, which is a rare outcome of its own; a leak grows with every round.
            #expect(after - before < 6)
        }
    }
}
