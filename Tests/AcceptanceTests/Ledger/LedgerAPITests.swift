import Foundation
import Payments
import StrictJSON
import TestSupport
import Testing

@Suite("The books over HTTP")
struct LedgerAPITests {
    @Test("accounts, balances at a time, entries and their links")
    func reads() async throws {
        try await Stage.run { stage, _ in
            let charge = try await stage.createPromptPay()
            try await stage.pay(charge)
            let id = try #require(charge["id"]?.string)
            _ = try await stage.charge(id, becomes: "succeeded")
            let first = try await stage.get("/v1/ledger/entries?charge_id=\(id)").json["data"]?.array?.first
            let entry = try #require(first)
            let postedAt = try #require(entry["posted_at"]?.string)
            #expect(try await stage.get("/v1/ledger/entries/\(entry["id"]?.string ?? "")").json == entry)
            #expect(entry["kind"]?.string == "capture" && entry["phase"]?.string == "posted" && entry["charge_id"]?.string == id)
            let transfer: JSONValue = [
                "debit": "provider:promptpay:clearing:THB", "credit": "orders:payable:THB", "amount": "150.00", "currency": "THB",
            ]
            #expect(entry["transfers"] == [transfer])
            let cause = entry["cause"]?.string?.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            #expect(try await stage.get("/v1/ledger/entries?cause=\(cause)").json["data"] == [entry])

            #expect(try await stage.post("/v1/wallet-credits", Stage.credits("b", [("r", "c", "40.00")])).status == 200)
            let wallet = try await stage.get("/v1/ledger/accounts/customer%3Ac%3Awallet%3ATHB").json
            #expect(wallet["balance"]?.string == "40.00" && wallet["available"]?.string == "40.00" && wallet["held"]?.string == "0.00")
            #expect(wallet["rule"]?.string == "debits_must_not_exceed_credits")
            let payable = "/v1/ledger/accounts/orders:payable:THB"
            #expect(try await stage.get("\(payable)?at=\(postedAt)").json["balance"]?.string == "150.00")
            #expect(try await stage.get("\(payable)?at=2026-01-01T00:00:00Z").json["balance"]?.string == "0.00")
            let then = try await stage.get("/v1/ledger/trial-balance?at=\(postedAt)").json
            #expect(then["accounts"]?.array?.count == 2 && then["balanced"]?.bool == true)
            #expect(try await stage.get("/v1/ledger/trial-balance").json["accounts"]?.array?.count == 4)
            let rows = try await stage.all("\(payable)/entries")
            #expect(
                rows.count == 1 && rows[0]["id"] == entry["id"] && rows[0]["side"]?.string == "credit"
                    && rows[0]["balance"]?.string == "150.00"
            )
            #expect(try await stage.all("\(payable)/entries?from=2026-01-01T00:00:00Z&to=\(postedAt)").isEmpty)
            #expect(try await stage.all("\(payable)/entries?from=\(postedAt)").count == 1)
            #expect(try await stage.all("/v1/ledger/entries?to=\(postedAt)").isEmpty)
            #expect(try await stage.all("/v1/ledger/entries?from=\(postedAt)").count == 2)
        }
    }

    private static let zeros = "00000000000000000000000000"

    /// Addresses of what does not exist.
    private static let absent: [String] = [
        "/v1/ledger/accounts/orders:payable:THB", "/v1/ledger/accounts/nonsense", "/v1/ledger/accounts/a:b/entries",
        "/v1/ledger/entries/je_\(zeros)", "/v1/ledger/entries/nonsense", "/v1/ledger/manual-entries/man_\(zeros)",
    ]

    /// Queries that make no sense.
    private static let senseless: [String] = [
        "/v1/ledger/accounts/winnings:THB?at=yesterday", "/v1/ledger/accounts/winnings:THB/entries?from=1",
        "/v1/ledger/accounts/winnings:THB/entries?to=2026-02-30T00:00:00Z", "/v1/ledger/accounts/winnings:THB/entries?after=x",
        "/v1/ledger/accounts/winnings:THB/entries?after=0.0", "/v1/ledger/entries?charge_id=x", "/v1/ledger/entries?after=x",
        "/v1/ledger/trial-balance?at=x", "/v1/ledger/manual-entries?status=x",
    ]

    @Test("what does not exist and what makes no sense")
    func refused() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            for path in Self.absent {
                let answer = try await stage.get(path)
                #expect(answer.code == "not_found", "\(path)")
            }
            let credit = try await stage.post("/v1/wallet-credits", Stage.credits("b", [("r", "c", "40.00")]))
            #expect(credit.status == 200)
            for path in Self.senseless {
                let answer = try await stage.get(path)
                #expect(answer.code == "invalid_request", "\(path)")
            }
        }
    }

    @Test("the command line shows the same balances, now and then")
    func commandLine() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            #expect(try await stage.post("/v1/wallet-credits", Stage.credits("b", [("r", "c", "40.00")])).status == 200)
            let postedAt = try await stage.all("/v1/ledger/entries").first?["posted_at"]?.string ?? ""
            #expect(try await stage.post("/v1/wallet-credits", Stage.credits("b", [("s", "c", "2.00")])).status == 200)
            let account = "customer:c:wallet:THB"
            for (arguments, balance) in [([], "42.00"), (["--at", postedAt], "40.00"), (["--account", account], "42.00")] {
                let (status, lines) = try await stage.command(["ledger", "balances", "--format", "csv"] + arguments)
                #expect(
                    status == 0 && lines.contains { $0.hasPrefix("\(account),THB,liability,") && $0.hasSuffix(",\(balance)") },
                    "\(lines)"
                )
            }
            let (_, entries) = try await stage.command(["ledger", "entries", "--account", account, "--format", "csv"])
            #expect(entries.count == 3 && entries[1].contains(",credit,2.00,42.00"))
            #expect(try await stage.command(["ledger", "balances", "--at", "noon"]).status == 2)
            #expect(try await stage.command(["ledger", "balances", "--account", "a:b"]).status == 1)
        }
    }
}
