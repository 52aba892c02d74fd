import Foundation
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@Suite("When the gateway dies while it credits winners")
struct WalletCreditCrashTests {
    private static let calls = 3
    private static let linesEach = 7_000

    private static func body(_ call: Int) -> String {
        Stage.credits("draw", (0..<linesEach).map { ("\(call)-\($0)", "c\(call * linesEach + $0)", "\($0 % 9 + 1).25") })
    }

    private static let amount: String = {
        let satang = calls * (0..<linesEach).reduce(0) { $0 + ($1 % 9 + 1) * 100 + 25 }
        return "\(satang / 100).\(satang % 100 < 10 ? "0" : "")\(satang % 100)"
    }()

    @Test("the same calls again complete: every line once, right counts, right books")
    func killed() async throws {
        var random = SeededRandom.printed("credit kills")
        let pauses = (0..<4).map { _ in Duration.milliseconds(Int.random(in: 100...1500, using: &random)) }
        try await Stage.run(simulators: ["order-core"]) { stage, first in
            var gateway = first
            defer { gateway.send(SIGKILL) }
            for pause in pauses {
                await withTaskGroup(of: Void.self) { group in
                    for call in 0..<Self.calls {
                        group.addTask { _ = try? await stage.post("/v1/wallet-credits", Self.body(call), key: "call-\(call)") }
                    }
                    try? await Task.sleep(for: pause)
                    gateway.send(SIGKILL)
                    await group.waitForAll()
                }
                _ = try await gateway.end()
                gateway = try await stage.startGateway()
            }
            for call in 0..<Self.calls {
                let answer = try await stage.post("/v1/wallet-credits", Self.body(call), key: "call-\(call)")
                let credited = answer.json["credited"]?.int64 ?? 0
                #expect(answer.status == 200 && credited + (answer.json["already_credited"]?.int64 ?? 0) == Int64(Self.linesEach))
                let again = try await stage.post("/v1/wallet-credits", Self.body(call), key: "call-\(call)")
                #expect(again.body == answer.body && again.headers[.idempotencyReplayed] == "true")
                let newKey = try await stage.post("/v1/wallet-credits", Self.body(call)).json
                #expect(newKey["already_credited"]?.int64 == Int64(Self.linesEach) && newKey["credited"]?.int64 == 0)
            }
            #expect(try await stage.get("/v1/ledger/accounts/winnings:THB").json["balance"]?.string == Self.amount)
            #expect(try await stage.get("/v1/wallets/c7").json["balances"]?.array?.first?["posted"]?.string == "8.25")
            #expect(try await stage.get("/v1/wallets/c7/entries").json["data"]?.array?.count == 1)
            #expect(try await stage.booksAreRight())
            let told = try await waitUntil(.seconds(90)) {
                try await stage.get("/v1/notifications?status=delivered").json["data"]?.array?.count == Self.calls
            }
            #expect(told, "one notification for each call, however often it was made")
        }
    }
}
