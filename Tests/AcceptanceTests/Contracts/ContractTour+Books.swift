import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

extension ContractTour {
    /// Objects of the books.
    struct BookNames {
        let account: String
        let entry: String
        let manual: String
        var withdrawal = "wd_00000000000000000000000000"
    }

    static let bookLists = [
        "/v1/withdrawals", "/v1/ledger/accounts", "/v1/ledger/entries", "/v1/ledger/manual-entries", "/v1/ledger/trial-balance",
    ]
    static let wallets = ["/v1/wallets/c-1", "/v1/wallets/c-1/entries"]

    static func bookObjects(_ names: BookNames) -> [String] {
        let account = "/v1/ledger/accounts/\(names.account)"
        return [
            account, account + "/entries", "/v1/ledger/entries/\(names.entry)", "/v1/ledger/manual-entries/\(names.manual)",
            "/v1/withdrawals/\(names.withdrawal)",
        ]
    }

    static func decisions(_ names: BookNames) -> [String] {
        ["approve", "reject"].map { "/v1/ledger/manual-entries/\(names.manual)/\($0)" } + withdrawalDecisions(names)
    }

    static func bookPosts(_ names: BookNames) -> [String] {
        ["/v1/ledger/entries", "/v1/wallet-credits", withdrawalRequest] + decisions(names)
    }

    /// A request that would do what the operation is for.
    func attempt(_ method: HTTPRequest.Method, _ path: String) async throws -> Stage.Answer {
        switch (method, path) {
        case (.post, "/v1/charges"): try await traffic.create(stage, "{\(Self.good)}")
        case (.post, "/v1/ledger/entries"): try await traffic.create(stage, Self.manual(), at: path)
        case (.post, Self.withdrawalRequest): try await traffic.create(stage, Self.withdrawal(), at: path)
        case (.post, "/v1/wallet-credits"): try await traffic.create(stage, Self.credits, at: path)
        case (.post, _) where path.hasSuffix("/slips"): try await traffic.create(stage, Self.slip(Self.someSlip), at: path)
        case (.post, _): try await traffic.create(stage, "{}", at: path)
        default: try await traffic.send(stage, method, path)
        }
    }

    private static let credits = Stage.credits("draw", [("t-1", "c-1", "20.00"), ("t-1", "c-1", "20.00"), ("t-2", "c-2", "0.001")])

    private static func manual(_ amount: String = "5.00", _ more: String = "", debit: String = "customer:c-1:wallet:THB") -> String {
        let transfer = #"{"debit":"\#(debit)","credit":"bank:kbank:THB","amount":"\#(amount)","currency":"THB"}"#
        let account = #"{"name":"bank:kbank:THB","class":"asset","currency":"THB"}"#
        return #"{"reason":"ปรับปรุง","transfers":[\#(transfer)],"accounts":[\#(account)]\#(more)}"#
    }

    /// Credits, manual entries that are approved, rejected and left waiting; returns what exists then.
    func books() async throws -> BookNames {
        for key in ["credits", "credits", "credits-again"] {
            let credited = try await traffic.create(stage, Self.credits, at: "/v1/wallet-credits", key: key)
            #expect(credited.status == 200, "\(String(decoding: credited.body, as: UTF8.self))")
        }
        let other = try await key(scope: "finance:write")
        var ids: [String] = []
        for body in [Self.manual(), Self.manual("7", #","occurred_at":"2026-11-20T10:00:00+07:00""#), Self.manual("9.50")] {
            let asked = try await traffic.create(stage, body, at: "/v1/ledger/entries", key: "manual-\(ids.count)")
            #expect(asked.status == 201, "\(String(decoding: asked.body, as: UTF8.self))")
            ids.append(asked.json["id"]?.string ?? "")
        }
        #expect(try await traffic.create(stage, Self.manual(), at: "/v1/ledger/entries", key: "manual-0").status == 201)
        var entry = ""
        for _ in 0..<2 {
            let path = "/v1/ledger/manual-entries/\(ids[0])/approve"
            let answer = try await traffic.create(stage, #"{"reason":"seen"}"#, at: path, key: "approve", bearer: other)
            #expect(answer.status == 200)
            entry = answer.json["entry_id"]?.string ?? ""
        }
        let rejection = try await traffic.create(
            stage,
            "{}",
            at: "/v1/ledger/manual-entries/\(ids[1])/reject",
            key: "reject",
            bearer: other
        )
        #expect(rejection.status == 200)
        try await refusedDecisions(ids, other)
        for query in ["/v1/ledger/entries?cause=nothing&limit=2", "/v1/ledger/manual-entries?status=approved&limit=1"] {
            #expect(try await traffic.send(stage, .get, query).status == 200)
        }
        let times = "from=2026-01-01T00:00:00Z&to=2126-01-01T00:00:00Z&limit=1"
        for path in ["/v1/ledger/accounts/customer:c-1:wallet:THB/entries?\(times)", "/v1/ledger/entries?\(times)"] {
            let next = try await traffic.send(stage, .get, path).json["next"]?.string ?? ""
            #expect(try await traffic.send(stage, .get, path + "&after=\(next)").status == 200 && !next.isEmpty)
        }
        #expect(try await traffic.send(stage, .get, "/v1/ledger/accounts/customer:c-1:wallet:THB?at=2026-01-01T00:00:00Z").status == 200)
        #expect(try await traffic.send(stage, .get, "/v1/ledger/trial-balance?at=2026-01-01T00:00:00Z").status == 200)
        #expect(try await traffic.send(stage, .get, "/v1/wallets/c-1/entries?currency=THB&limit=1").status == 200)
        #expect(try await traffic.send(stage, .get, "/v1/wallets/nobody").status == 200)
        return BookNames(account: "customer:c-1:wallet:THB", entry: entry, manual: ids[2], withdrawal: try await withdrawals())
    }

    /// Decisions that are not taken: by the requester, twice, with a used key, in a wrong form, and against the ledger's rule.
    private func refusedDecisions(_ ids: [String], _ other: String) async throws {
        let large = try await traffic.create(stage, Self.manual("10000.00"), at: "/v1/ledger/entries").json["id"]?.string ?? ""
        let spent = try await traffic.create(stage, "{}", at: "/v1/ledger/manual-entries/\(large)/approve", bearer: other)
        #expect(spent.code == "would_exceed_balance")
        for (verb, used) in [("approve", "approve"), ("reject", "reject")] {
            let path = "/v1/ledger/manual-entries/\(ids[2])/\(verb)"
            #expect(try await traffic.create(stage, "{}", at: path).code == "second_person_required")
            #expect(try await traffic.create(stage, "{}", at: path, key: used, bearer: other).code == "idempotency_key_reused")
            #expect(try await traffic.create(stage, #"{"x":1}"#, at: path, bearer: other).code == "invalid_request")
            #expect(try await traffic.create(stage, "{}", at: path, contentType: "text/plain", bearer: other).status == 415)
            let long = #"{"reason":"\#(String(repeating: "r", count: 17_000))"}"#
            #expect(try await traffic.create(stage, long, at: path, bearer: other).status == 413)
            let decided = "/v1/ledger/manual-entries/\(ids[0])/\(verb)"
            #expect(try await traffic.create(stage, "{}", at: decided, bearer: other).code == "already_decided")
        }
    }

    /// Bodies that the contract itself forbids.
    private static let forbiddenEntries: [String] = [
        "[]", "{}", #"{"reason":"r","transfers":[]}"#, manual(debit: "wallet"), manual("1.00", #","x":1"#),
        manual("1.00", #","occurred_at":"today""#), #"{"reason":"r","transfers":[{"debit":"a:b"}]}"#,
    ]

    private static let forbiddenCredits: [String] = [
        "[]", "{}", #"{"batch_id":"b","reason":"r","currency":"THB","credits":[]}"#, Stage.credits("a:b", [("a", "c", "1")]),
        #"{"batch_id":"b","reason":"r","currency":"THB","credits":[{"reference":"a","customer_id":"c"}]}"#,
        #"{"batch_id":"b","reason":"r","currency":"THB","credits":[{"reference":"a","customer_id":"c","amount":1}]}"#,
        #"{"batch_id":"b","reason":"r","currency":"THB","credits":[{"reference":"a","customer_id":"c","amount":"1","x":""}]}"#,
        Stage.credits("b", lines(10_001)),
    ]

    private static func lines(_ count: Int) -> [(reference: String, customer: String, amount: String)] {
        (0..<count).map { (reference: "\($0)", customer: "c\($0)", amount: "1.00") }
    }

    /// Every way in which requests that move money are refused while nothing is broken.
    func refusedBooks() async throws {
        try await refusedWithdrawals()
        let forbidden = Self.forbiddenEntries.map { ("/v1/ledger/entries", $0) } + Self.forbiddenCredits.map { ("/v1/wallet-credits", $0) }
        for (path, body) in forbidden {
            #expect(try await traffic.create(stage, body, at: path).code == "invalid_request", "\(path) \(body.prefix(100))")
        }
        for (path, body, large) in [("/v1/ledger/entries", Self.manual(), 70_000), ("/v1/wallet-credits", Self.credits, 5_300_000)] {
            #expect(try await traffic.create(stage, "{", at: path).code == "malformed_json")
            #expect(try await traffic.create(stage, body, at: path, key: nil).code == "idempotency_key_missing")
            #expect(try await traffic.create(stage, body, at: path, contentType: "text/plain").status == 415)
            #expect(try await traffic.create(stage, #"{"reason":"\#(String(repeating: "r", count: large))"}"#, at: path).status == 413)
        }
        #expect(
            try await traffic.create(stage, Self.manual("6.00"), at: "/v1/ledger/entries", key: "manual-0").code == "idempotency_key_reused"
        )
        #expect(try await traffic.create(stage, Self.manual("0.00"), at: "/v1/ledger/entries").code == "invalid_amount")
        let other = Stage.credits("draw", [("t-1", "c-1", "1")], currency: "USD")
        #expect(try await traffic.create(stage, other, at: "/v1/wallet-credits").code == "batch_reused")
        for path in ["/v1/wallets/a%20b", "/v1/wallets/c/entries?currency=x"] {
            #expect(try await traffic.send(stage, .get, path).code == "invalid_request")
        }
        try await runningCredits()
    }

    /// The same key again while a large call is under way.
    private func runningCredits() async throws {
        let body = Stage.credits("large", Self.lines(10_000))
        let answers = try await withThrowingTaskGroup(of: Stage.Answer.self) { group in
            for _ in 0..<3 { group.addTask { try await traffic.create(stage, body, at: "/v1/wallet-credits", key: "large") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.contains { $0.code == "idempotency_key_in_progress" } && answers.contains { $0.status == 200 })
    }
}
