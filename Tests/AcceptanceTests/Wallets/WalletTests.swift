import Foundation
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@Suite("Wallets")
struct WalletTests {
    @Test("winnings reach their wallets once, each line has its result, and a bad line spoils no other")
    func credits() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let lines = [
                ("t-1", "c1", "100.00"), ("t-2", "c2", "0.50"), ("t-3", "c1", "1.005"), ("t-4", "ลูกค้า", "1.00"), ("t-5", "a:b", "1.00"),
                ("", "c1", "1.00"), ("t 6", "c1", "1.00"), ("t-7", "c1", "0.00"), ("t-8", "c1", "-1.00"), ("t-1", "c1", "100.00"),
                ("t-9", "c1", "99999999999999999999999999999999999.00"), ("4242424242424242", "c1", "1.00"), ("a/b:c", "c1", "25.00"),
                ("t-10", String(repeating: "x", count: 65), "1.00"), (String(repeating: "r", count: 129), "c1", "1.00"),
            ]
            let body = Stage.credits("draw-1", lines)
            let answer = try await stage.post("/v1/wallet-credits", body, key: "first")
            #expect(answer.status == 200)
            let results = answer.json["results"]?.array ?? []
            #expect(results.map { $0["reference"]?.string } == lines.map(\.0))
            let codes = results.map { $0["code"]?.string ?? $0["result"]?.string ?? "" }
            #expect(
                codes == [
                    "credited", "credited", "invalid_amount", "invalid_customer_id", "invalid_customer_id", "invalid_reference",
                    "invalid_reference", "invalid_amount", "invalid_amount", "duplicate_reference", "overflow", "card_number_refused",
                    "credited",
                    "invalid_customer_id", "invalid_reference",
                ]
            )
            #expect(answer.json["credited"]?.int64 == 3 && answer.json["refused"]?.int64 == 12 && answer.json["amount"]?.string == "125.50")

            let again = try await stage.post("/v1/wallet-credits", body, key: "first")
            #expect(again.body == answer.body && again.headers[.idempotencyReplayed] == "true", "byte for byte")
            #expect(
                try await stage.post("/v1/wallet-credits", Stage.credits("draw-1", [("t-1", "c1", "1.00")]), key: "first").code
                    == "idempotency_key_reused"
            )
            let other = Stage.credits(
                "draw-1",
                [("t-1", "c1", "100.00"), ("t-2", "c2", "0.51"), ("t-11", "c2", "7.00"), ("a/b:c", "c3", "25.00")]
            )
            let second = try await stage.post("/v1/wallet-credits", other).json["results"]?.array ?? []
            #expect(second.map { $0["result"]?.string } == ["already_credited", "different_content", "credited", "different_content"])
            #expect(
                try await stage.post("/v1/wallet-credits", Stage.credits("draw-1", [("t-1", "c1", "1.00")], currency: "USD")).code
                    == "batch_reused"
            )

            let wallet = try await stage.get("/v1/wallets/c1").json
            #expect(
                wallet == [
                    "customer_id": "c1", "balances": [["currency": "THB", "posted": "125.00", "held": "0.00", "available": "125.00"]],
                ]
            )
            #expect(try await stage.get("/v1/wallets/nobody").json == ["customer_id": "nobody", "balances": []])
            let entries = try await stage.get("/v1/wallets/c1/entries").json["data"]?.array ?? []
            #expect(
                entries.map { $0["amount"]?.string } == ["25.00", "100.00"] || entries.map { $0["amount"]?.string } == ["100.00", "25.00"]
            )
            #expect(entries.first?["balance"]?.string == "125.00" && entries.allSatisfy { $0["side"]?.string == "credit" })
            #expect(entries.allSatisfy { $0["reason"]?.string == "Winnings" && $0["kind"]?.string == "wallet_credit" })
            #expect(try await stage.balance("winnings:THB") == "132.50")

            let told = try await waitUntil(.seconds(90)) {
                try await stage.get("/v1/notifications?status=delivered").json["data"]?.array?.count == 2
            }
            #expect(told, "one notification for each call that credited something, none for a replay")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a customer's wallets are read together: page by page, each entry once, newest first, whatever the currency")
    func entries() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            for number in 0..<6 {
                let currency = ["THB", "USD", "JPY"][number % 3]
                let lines = (0..<3).map { ("\($0)", "c1", "\(number * 10 + $0 + 1)") }
                #expect(try await stage.post("/v1/wallet-credits", Stage.credits("b\(number)", lines, currency: currency)).status == 200)
            }
            let whole = try await stage.all("/v1/wallets/c1/entries")
            #expect(whole.count == 18)
            let times = whole.compactMap { $0["posted_at"]?.string }
            #expect(times == times.sorted(by: >))
            for limit in [1, 4, 5] { #expect(try await stage.all("/v1/wallets/c1/entries", limit: limit) == whole) }
            let yen = try await stage.all("/v1/wallets/c1/entries?currency=JPY", limit: 2)
            #expect(yen == whole.filter { $0["currency"]?.string == "JPY" } && yen.count == 6)
            #expect(yen.first?["balance"]?.string == "222")
            #expect(try await stage.get("/v1/wallets/c1").json["balances"]?.array?.map { $0["currency"]?.string } == ["JPY", "THB", "USD"])
            #expect(try await stage.all("/v1/wallets/nobody/entries").isEmpty)
        }
    }

    private static func call(_ credits: String) -> String {
        #"{"batch_id":"b","reason":"r","currency":"THB","credits":\#(credits)}"#
    }

    /// Bodies whose form is wrong, or that hold a card number.
    private static let malformed: [String: String] = [
        "[]": "invalid_request", "{": "malformed_json", "{}": "invalid_request", call("[]"): "invalid_request",
        call("{}"): "invalid_request", call("[7]"): "invalid_request",
        call(#"[{"reference":"a","customer_id":"c"}]"#): "invalid_request",
        call(#"[{"reference":"a","customer_id":"c","amount":1}]"#): "invalid_request",
        call(#"[{"reference":"a","customer_id":"c","amount":"1","x":"y"}]"#): "invalid_request",
        call(#"[{"reference":"a","reference":"b","customer_id":"c","amount":"1"}]"#): "malformed_json",
        Stage.credits("a:b", [("a", "c", "1")]): "invalid_request", Stage.credits("", [("a", "c", "1")]): "invalid_request",
        Stage.credits("b4242424242424242", [("a", "c", "1")]): "card_number_refused",
    ]

    private static func lines(_ count: Int, reference: String = "") -> [(reference: String, customer: String, amount: String)] {
        (0..<count).map { (reference: "\(reference)\($0)", customer: "c", amount: "1") }
    }

    @Test("malformed calls, keys and scopes are refused, and nothing is written")
    func refused() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            for (body, code) in Self.malformed {
                let answer = try await stage.post("/v1/wallet-credits", body)
                #expect(answer.status == 400 && answer.code == code, "\(body.prefix(120)): \(answer.status) \(answer.code ?? "-")")
            }
            let tooMany = try await stage.post("/v1/wallet-credits", Stage.credits("b", Self.lines(10_001)))
            #expect(tooMany.status == 400 && tooMany.code == "invalid_request")
            let long = String(repeating: "r", count: 6_000_000)
            let tooLarge = try await stage.post("/v1/wallet-credits", Stage.credits("b", Self.lines(1, reference: long)))
            #expect(tooLarge.status == 413 && tooLarge.code == "body_too_large")
            let unknown = try await stage.post("/v1/wallet-credits", Stage.credits("b", Self.lines(1), currency: "XXX"))
            #expect(unknown.status == 422 && unknown.code == "unknown_currency")
            let good = Stage.credits("b", [("a", "c", "1")])
            #expect(try await stage.post("/v1/wallet-credits", good, key: nil).code == "idempotency_key_missing")
            let reader = try await stage.makeKey("wallets:read")
            #expect(try await stage.post("/v1/wallet-credits", good, token: reader).code == "scope_missing")
            #expect(
                try await stage.send(.get, stage.gatewayURL + "/v1/wallets/c", headers: [.authorization: "Bearer \(reader)"]).status == 200
            )
            for path in [
                "/v1/wallets/a%20b", "/v1/wallets/a:b/entries", "/v1/wallets/c/entries?currency=thb", "/v1/wallets/c/entries?after=1",
            ] {
                #expect(try await stage.get(path).code == "invalid_request", "\(path)")
            }
            #expect(try await stage.get("/v1/ledger/accounts").json["data"]?.array?.isEmpty == true)
        }
    }
}
