import Foundation
import StrictJSON
import TestSupport
import Testing

@Suite("truvapay ledger verify and close")
struct LedgerCommandTests {
    @Test("a head that was printed is expected later, and a closed account is told apart from one that is not there")
    func headsAndClosing() async throws {
        try await Stage.run { stage, _ in
            let charge = try await stage.createPromptPay()
            try await stage.pay(charge)
            _ = try await stage.charge(charge["id"]?.string, becomes: "succeeded")
            #expect(try await stage.post("/v1/wallet-credits", Stage.credits("draw-1", [("t-1", "c-1", "2.00")])).status == 200)
            // The gateway anchors within a second or so; then the head stands for the whole book.
            var heads: [String: String] = [:]
            let isAnchored = try await waitUntil(.seconds(90)) {
                heads = try await Self.heads(stage)
                return heads["head"] != nil && heads["head"] == heads["book"]
            }
            #expect(isAnchored)
            let head = try #require(heads["head"])
            let statuses: [(String, Int32)] = [
                ("customer:c-1:wallet:THB", 0), ("customer:c-1:wallet:THB", 1), ("customer:c-2:wallet:THB", 1), ("orders:payable:THB", 1),
                ("nonsense", 2),
            ]
            for (account, status) in statuses {
                let closed = try await stage.command(["ledger", "close", "--account", account, "--reason", "a test"])
                #expect(closed.status == status, "\(account)")
            }
            let expected = try await stage.command(["ledger", "verify", "--expect", head])
            #expect(expected.status == 0, "\(expected.lines)")
            #expect(try await stage.command(["ledger", "verify", "--expect", String(head.reversed())]).status == 1)
            #expect(try await stage.command(["ledger", "verify", "--expect", "12"]).status == 2)
        }
    }

    private static func heads(_ stage: Stage) async throws -> [String: String] {
        let pairs = try await stage.command(["ledger", "verify"]).lines.compactMap { line -> (String, String)? in
            let words = line.split(separator: " ").map(String.init)
            return words.count == 2 ? (String(words[0].dropLast()), words[1]) : nil
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
