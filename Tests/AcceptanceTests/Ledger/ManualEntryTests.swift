import Foundation
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@Suite("Journal entries by hand")
struct ManualEntryTests {
    private static func body(_ transfers: String, _ accounts: String = "", reason: String = "Correction") -> String {
        let accounts = accounts.isEmpty ? "" : #","accounts":[\#(accounts)]"#
        return #"{"reason":"\#(reason)","occurred_at":"2026-11-20T10:00:00+07:00","transfers":[\#(transfers)]\#(accounts)}"#
    }

    private static func transfer(_ debit: String, _ credit: String, _ amount: String, _ currency: String = "THB") -> String {
        #"{"debit":"\#(debit)","credit":"\#(credit)","amount":"\#(amount)","currency":"\#(currency)"}"#
    }

    private static let bank = #"{"name":"bank:kbank:THB","class":"asset","currency":"THB"}"#
    private static let path = "/v1/ledger/manual-entries"

    @Test("one person asks, another approves; the entry is booked once and its cause names both")
    func approval() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let other = try await stage.makeKey("finance:write", "finance:read")
            let body = Self.body(Self.transfer("bank:kbank:THB", "customer:c:wallet:THB", "50.00"), Self.bank)
            let asked = try await stage.post("/v1/ledger/entries", body, key: "ask")
            let id = try #require(asked.json["id"]?.string)
            #expect(asked.status == 201 && asked.json["status"]?.string == "requires_approval" && asked.json["entry_id"] == .null)
            #expect(asked.json["occurred_at"]?.string == "2026-11-20T03:00:00.000000Z")
            let again = try await stage.post("/v1/ledger/entries", body, key: "ask")
            #expect(again.body == asked.body && again.headers[.idempotencyReplayed] == "true")
            #expect(
                try await stage.post("/v1/ledger/entries", Self.body(Self.transfer("a:b", "c:d", "1.00")), key: "ask").code
                    == "idempotency_key_reused"
            )
            #expect(try await stage.get("/v1/ledger/accounts").json["data"]?.array?.isEmpty == true, "nothing is booked yet")

            let own = try await stage.post("\(Self.path)/\(id)/approve", nil)
            #expect(own.status == 403 && own.code == "second_person_required")
            #expect(try await stage.post("\(Self.path)/\(id)/reject", nil).code == "second_person_required")
            #expect(try await stage.post("\(Self.path)/\(id)/approve", nil, key: nil, token: other).code == "idempotency_key_missing")
            let answers = try await withThrowingTaskGroup(of: Stage.Answer.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        try await stage.post("\(Self.path)/\(id)/approve", #"{"reason":"seen"}"#, key: "a\(number / 3)", token: other)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let done = answers.filter { $0.status == 200 }
            #expect(Set(done.map(\.body)).count == 1 && !done.isEmpty)
            let codes = answers.filter { $0.status != 200 }.compactMap(\.code)
            #expect(Set(codes).isSubset(of: ["already_decided"]) && codes.count + done.count == 6, "\(codes)")
            let approved = try #require(done.first?.json)
            #expect(approved["status"]?.string == "approved" && approved["decision_reason"]?.string == "seen")
            #expect(try await stage.get("\(Self.path)/\(id)").json == approved)
            #expect(try await stage.get("\(Self.path)?status=approved").json["data"] == [approved])
            #expect(try await stage.get("\(Self.path)?status=requires_approval").json["data"] == [])

            let entry = try await stage.get("/v1/ledger/entries/\(approved["entry_id"]?.string ?? "")").json
            let people = [approved["requested_by"]?.string, approved["decided_by"]?.string].compactMap { $0 }
            #expect(Set(people).count == 2 && entry["cause"]?.string == "manual:\(id):\(people.joined(separator: ":"))")
            #expect(entry["reason"]?.string == "Correction" && entry["occurred_at"] == asked.json["occurred_at"])
            #expect(try await stage.get("/v1/wallets/c").json["balances"]?.array?.first?["posted"]?.string == "50.00")
            #expect(try await stage.all("/v1/ledger/entries").count == 1)
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("what the ledger refuses stays undecided, and can be approved once it is possible, or rejected")
    func ledgerRefusals() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let other = try await stage.makeKey("finance:write")
            let spend = Self.body(Self.transfer("customer:c:wallet:THB", "bank:kbank:THB", "50.00"), Self.bank)
            let id = try await stage.post("/v1/ledger/entries", spend).json["id"]?.string ?? ""
            let rejected = try await stage.post("/v1/ledger/entries", spend).json["id"]?.string ?? ""
            let refused = try await stage.post("\(Self.path)/\(id)/approve", nil, key: "k", token: other)
            #expect(refused.status == 422 && refused.code == "would_exceed_balance")
            #expect(try await stage.get("\(Self.path)/\(id)").json["status"]?.string == "requires_approval")
            #expect(try await stage.post("/v1/wallet-credits", Stage.credits("b", [("r", "c", "60.00")])).status == 200)
            #expect(try await stage.post("\(Self.path)/\(id)/approve", nil, key: "k", token: other).json["status"]?.string == "approved")
            #expect(try await stage.get("/v1/wallets/c").json["balances"]?.array?.first?["available"]?.string == "10.00")
            let answer = try await stage.post("\(Self.path)/\(rejected)/reject", #"{"reason":"twice"}"#, token: other).json
            #expect(answer["status"]?.string == "rejected" && answer["entry_id"] == .null && answer["decision_reason"]?.string == "twice")
            #expect(try await stage.post("\(Self.path)/\(rejected)/approve", nil, token: other).code == "already_decided")
            #expect(try await stage.booksAreRight())
        }
    }

    /// Bodies whose form is wrong.
    private static let malformed: [String] = [
        "[]", "{}", body(""), body("7"), body(transfer("a", "b:c", "1.00")), body(transfer("a:b", "b:c", "1.00"), reason: ""),
        body(transfer("a:b", "b:c", "1.00"), reason: String(repeating: "r", count: 501)),
        body(Array(repeating: transfer("a:b", "b:c", "1.00"), count: 101).joined(separator: ",")),
        body(#"{"debit":"a:b","credit":"b:c","amount":1,"currency":"THB"}"#),
        body(#"{"debit":"a:b","credit":"b:c","amount":"1.00","currency":"THB","x":1}"#),
        body(transfer("winnings:THB", "a:b", "1.00"), #"{"name":"a:b","class":"money","currency":"THB"}"#),
        #"{"reason":"r","occurred_at":"today","transfers":[\#(transfer("a:b", "b:c", "1.00"))]}"#,
    ]

    /// Bodies that ask for what cannot be, with the code.
    private static let impossible: [String: String] = [
        body(transfer("a:b", "b:c", "1.005")): "invalid_amount", body(transfer("a:b", "b:c", "0.00")): "invalid_amount",
        body(transfer("a:b", "b:c", "1.00", "XXX")): "unknown_currency",
        body(transfer("a:b", "orders:payable:THB", "1.00")): "account_class_missing",
        body(transfer("winnings:THB", "winnings:THB", "1.00")): "same_account",
        body(transfer("winnings:USD", "orders:payable:THB", "1.00")): "asset_mismatch",
        body(transfer("winnings:THB", "orders:payable:THB", "1.00"), #"{"name":"winnings:THB","class":"asset","currency":"THB"}"#):
            "account_mismatch",
    ]

    @Test("malformed requests and missing rights are refused, and nothing is kept")
    func refused() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            for body in Self.malformed {
                let answer = try await stage.post("/v1/ledger/entries", body)
                #expect(answer.status == 400 && answer.code == "invalid_request", "\(body.prefix(120)): \(answer.code ?? "-")")
            }
            for (body, code) in Self.impossible {
                let answer = try await stage.post("/v1/ledger/entries", body)
                #expect(answer.status == 422 && answer.code == code, "\(body): \(answer.code ?? "-")")
            }
            let card = Self.body(Self.transfer("winnings:THB", "orders:payable:THB", "1.00"), reason: "4242 4242 4242 4242")
            #expect(try await stage.post("/v1/ledger/entries", card).code == "card_number_refused")
            let good = Self.body(Self.transfer("winnings:THB", "orders:payable:THB", "1.00"))
            #expect(try await stage.post("/v1/ledger/entries", good, key: nil).code == "idempotency_key_missing")
            let reader = try await stage.makeKey("finance:read")
            #expect(try await stage.post("/v1/ledger/entries", good, token: reader).code == "scope_missing")
            #expect(try await stage.post("\(Self.path)/man_00000000000000000000000000/approve", nil).code == "not_found")
            #expect(try await stage.get(Self.path).json["data"] == [])
        }
    }
}
