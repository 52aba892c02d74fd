import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("Withdrawals, from the request to the books")
struct WithdrawalTests {
    private static let simulators = ["paypal", "order-core"]
    private static let path = "/v1/withdrawals"

    @Test("one person asks, another approves, PayPal pays: every account and every notification, once")
    func wholeWay() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let other = try await stage.makeKey("payouts:write")
            try await stage.fill("c")
            let body = #"{"amount":"400.00","currency":"THB","destination":"\#(Stage.winner)"}"#
            let asked = try await stage.post("/v1/wallets/c/withdrawals", body, key: "ask")
            let id = try #require(asked.json["id"]?.string)
            #expect(asked.status == 201 && id.hasPrefix("wd_") && asked.json["status"]?.string == "requires_approval")
            let again = try await stage.post("/v1/wallets/c/withdrawals", body, key: "ask")
            #expect(again.body == asked.body && again.headers[.idempotencyReplayed] == "true")
            #expect(try await stage.wallet() == ["1000.00", "400.00", "600.00"])

            for verb in ["approve", "reject"] {
                let own = try await stage.post("\(Self.path)/\(id)/\(verb)", nil)
                #expect(own.status == 403 && own.code == "second_person_required")
            }
            #expect(try await stage.payPalObjects("payouts").isEmpty, "nothing is sent that nobody has approved")
            let approved = try await stage.post("\(Self.path)/\(id)/approve", #"{"reason":"seen"}"#, key: "yes", token: other)
            #expect(approved.status == 200 && approved.json["status"]?.string == "approved")
            #expect(approved.json["decision_reason"]?.string == "seen" && approved.json["decided_by"] != asked.json["requested_by"])
            #expect(
                try await stage.post("\(Self.path)/\(id)/approve", #"{"reason":"seen"}"#, key: "yes", token: other).body == approved.body
            )
            #expect(try await stage.post("\(Self.path)/\(id)/reject", nil, token: other).code == "already_decided")

            let paid = try await stage.withdrawal(id, becomes: "paid")
            #expect(paid["fee"]?.string == "0.25" && paid["failure"] == .null && paid["provider_reference"]?.string != nil)
            let sent = try await stage.payPalObjects("payouts")
            #expect(sent.count == 1 && sent.first?["payout_item"]?["sender_item_id"]?.string == id)
            #expect(try await stage.wallet() == ["600.00", "0.00", "600.00"])
            #expect(try await stage.balance("payouts:in-transit:THB") == "0.00")
            #expect(try await stage.balance("provider:paypal:clearing:THB") == "-400.25")
            #expect(try await stage.balance("fees:paypal:THB") == "0.25")
            #expect(try await stage.heard(id, ["withdrawal.approved", "wallet.debited", "withdrawal.paid"]))
            #expect(try await stage.get("\(Self.path)?status=paid&customer_id=c").json["data"] == [paid])
            #expect(try await stage.get("\(Self.path)?status=failed").json["data"] == [])
            #expect(try await stage.settled())
            #expect(try await stage.webhooks().allSatisfy { $0["status"]?.string == "processed" })
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("rejected, failed, blocked, denied and refused withdrawals give the money back")
    func comesToNothing() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let other = try await stage.makeKey("payouts:write")
            try await stage.fill("c")
            let rejected = try await stage.withdraw("1000.00").json["id"]?.string ?? ""
            #expect(try await stage.wallet() == ["1000.00", "1000.00", "0.00"])
            let answer = try await stage.post("\(Self.path)/\(rejected)/reject", #"{"reason":"not ours"}"#, token: other)
            #expect(answer.json["status"]?.string == "rejected" && answer.json["decision_reason"]?.string == "not ours")
            #expect(try await stage.wallet() == ["1000.00", "0.00", "1000.00"])
            #expect(try await stage.heard(rejected, ["withdrawal.failed"]))

            try await stage.payPalOrder("next", #"{"payouts":["FAILED","BLOCKED","DENIED","INSUFFICIENT_FUNDS"]}"#)
            for reason in ["RECEIVER_ACCOUNT_LOCKED", "BLOCKED", "DENIED", "INSUFFICIENT_FUNDS"] {
                let id = try await stage.approvedWithdrawal("1000.00", by: other)
                let failed = try await stage.withdrawal(id, becomes: "failed")
                #expect(failed["failure"]?["provider_code"]?.string == reason && failed["fee"] == .null)
                #expect(try await stage.wallet() == ["1000.00", "0.00", "1000.00"])
                // Whether the wallet was debited in between depends on how fast PayPal's webhooks are.
                let isTold = try await waitUntil(.seconds(90)) {
                    try await stage.withdrawalNews(id).filter { $0 != "wallet.debited" } == ["withdrawal.approved", "withdrawal.failed"]
                }
                #expect(isTold, "\(reason)")
            }
            for account in ["payouts:in-transit:THB", "provider:paypal:clearing:THB"] {
                #expect(["0", "0.00"].contains(try await stage.balance(account)), "\(account)")
            }
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("money that nobody claims stays in transit, and comes back; so does money that was paid")
    func returns() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let other = try await stage.makeKey("payouts:write")
            try await stage.fill("c")
            try await stage.payPalOrder("next", #"{"payouts":["UNCLAIMED","UNCLAIMED","SUCCESS"]}"#)
            var ids: [String] = []
            for _ in 0..<3 { ids.append(try await stage.approvedWithdrawal("100.00", by: other)) }
            for id in ids.prefix(2) { try await stage.withdrawal(id, becomes: "in_transit") }
            try await stage.withdrawal(ids[2], becomes: "paid")
            #expect(try await stage.balance("payouts:in-transit:THB", becomes: "200.00"))
            #expect(try await stage.wallet() == ["700.00", "0.00", "700.00"])

            try await stage.payPalOrder("payouts/\(ids[0])/claim")
            try await stage.payPalOrder("payouts/\(ids[1])/return")
            try await stage.withdrawal(ids[0], becomes: "paid")
            try await stage.withdrawal(ids[1], becomes: "failed")
            #expect(try await stage.wallet() == ["800.00", "0.00", "800.00"])
            try await stage.payPalOrder("payouts/\(ids[2])/return")
            let returned = try await stage.withdrawal(ids[2], becomes: "failed")
            #expect(returned["failure"]?["provider_code"]?.string == "RETURNED")
            #expect(try await stage.wallet() == ["900.00", "0.00", "900.00"])
            #expect(try await stage.heard(ids[2], ["withdrawal.approved", "wallet.debited", "withdrawal.paid", "withdrawal.failed"]))
            #expect(try await stage.balance("payouts:in-transit:THB") == "0.00")
            // What PayPal owes us is what it says that it owes us.
            let owed = try await stage.send(.get, stage.payPal("/_simulator/state")).json["balance"]?["THB"]?.int64
            #expect(owed == -10_075)
            #expect(try await stage.balance("provider:paypal:clearing:THB") == "-100.75")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("money that nobody has claimed is called back; what was claimed meanwhile, or is over, is not")
    func callingBack() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let other = try await stage.makeKey("payouts:write")
            try await stage.fill("c")
            try await stage.payPalOrder("next", #"{"payouts":["UNCLAIMED","PENDING","UNCLAIMED"]}"#)
            var ids: [String] = []
            for _ in 0..<3 {
                ids.append(try await stage.approvedWithdrawal("100.00", by: other))
                try await stage.withdrawal(ids.last ?? "", becomes: "in_transit")
            }
            for (id, mode) in zip(ids, ["none", "none", "commit_500"]) {
                try await stage.payPalOrder("misbehaviour", #"{"mode":"\#(mode)","count":1}"#)
                let answer = try await stage.post("\(Self.path)/\(id)/cancel", nil, token: other)
                #expect(answer.status == 202 && answer.json["status"]?.string == "in_transit")
            }
            try await stage.withdrawal(ids[0], becomes: "failed")
            try await stage.withdrawal(ids[2], becomes: "failed")
            try await stage.payPalOrder("payouts/\(ids[1])/complete")
            try await stage.withdrawal(ids[1], becomes: "paid")
            for id in ids {
                #expect(try await stage.post("\(Self.path)/\(id)/cancel", nil, token: other).code == "withdrawal_not_cancelable")
            }
            #expect(try await stage.wallet() == ["900.00", "0.00", "900.00"])
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("money that comes back when its wallet was closed goes to suspense; a wallet with a withdrawal under way is not closed")
    func closedWallet() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let other = try await stage.makeKey("payouts:write")
            try await stage.fill("c")
            let asked = try await stage.withdraw("1000.00").json["id"]?.string ?? ""
            #expect(try await Self.close("customer:c:wallet:THB", stage) == 1)
            #expect(try await stage.post("\(Self.path)/\(asked)/approve", nil, token: other).status == 200)
            try await stage.withdrawal(asked, becomes: "paid")
            #expect(try await Self.close("payouts:in-transit:THB", stage) == 1)
            #expect(try await Self.close("customer:c:wallet:THB", stage) == 0)
            try await stage.payPalOrder("payouts/\(asked)/return")
            try await stage.withdrawal(asked, becomes: "failed")
            #expect(try await stage.balance("suspense:paypal:THB") == "1000.00")
            #expect(try await stage.booksAreRight())
        }
    }

    /// Closes an account; returns the program's status.
    private static func close(_ account: String, _ stage: Stage) async throws -> Int32? {
        let program = try ChildProcess(
            Stage.program,
            ["ledger", "close", "--account", account, "--reason", "a test"],
            environment: stage.environment
        )
        return try await program.end()
    }

    @Test("orders whose answer is lost, late or no answer at all pay once")
    func unknownOutcomes() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            let other = try await stage.makeKey("payouts:write")
            try await stage.fill("c")
            let misbehaviours = [
                #"{"status":500,"count":1}"#, #"{"commit_then_500":true,"count":1}"#, #"{"mode":"commit_reset","count":1}"#,
                #"{"mode":"html_200","count":1}"#, #"{"status":429,"retry_after":1,"count":1}"#, #"{"mode":"hang","count":1}"#,
            ]
            for misbehaviour in misbehaviours {
                try await stage.payPalOrder("misbehaviour", misbehaviour)
                let id = try await stage.approvedWithdrawal("100.00", by: other)
                try await stage.withdrawal(id, becomes: "paid", within: .seconds(90))
            }
            #expect(try await stage.payPalObjects("payouts").count == misbehaviours.count)
            #expect(try await stage.wallet() == ["400.00", "0.00", "400.00"])
            #expect(try await stage.balance("provider:paypal:clearing:THB") == "-601.50")

            // A refusal after an order that may have been taken proves nothing: the money stays held until PayPal knows.
            try await stage.payPalOrder("next", #"{"payouts":["INSUFFICIENT_FUNDS"]}"#)
            try await stage.payPalOrder("misbehaviour", #"{"status":500,"count":1}"#)
            let id = try await stage.approvedWithdrawal("100.00", by: other)
            try await stage.withdrawal(id, becomes: "paid", within: .seconds(90))
            #expect(try await stage.heard(id, ["withdrawal.approved", "wallet.debited", "withdrawal.paid"]))
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a gateway that dies while it sends is succeeded by the next, and PayPal pays once")
    func crash() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, gateway in
            let other = try await stage.makeKey("payouts:write")
            try await stage.fill("c")
            try await stage.payPalOrder("misbehaviour", #"{"mode":"hang","count":1}"#)
            let id = try await stage.approvedWithdrawal("100.00", by: other)
            #expect(try await waitUntil(.seconds(90)) { try await stage.payPalObjects("payouts").count == 1 })
            gateway.send(SIGKILL)
            _ = try await gateway.end()
            let next = try await stage.startGateway()
            defer { next.send(SIGKILL) }
            try await stage.withdrawal(id, becomes: "paid", within: .seconds(120))
            #expect(try await stage.payPalObjects("payouts").count == 1)
            #expect(try await stage.wallet() == ["900.00", "0.00", "900.00"])
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("no webhook, every webhook twice, or in reverse: the same books")
    func webhooks() async throws {
        try await Stage.run(changes: ["WITHDRAWAL_APPROVAL_LIMITS": "THB=100.00"], simulators: Self.simulators) { stage, _ in
            try await stage.fill("c")
            for behaviour in [#"{"drop":true}"#, #"{"duplicate":2}"#, #"{"order":"reverse"}"#] {
                try await stage.payPalOrder("misbehaviour", #"{"webhooks":\#(behaviour)}"#)
                let asked = try await stage.withdraw("100.00").json
                #expect(asked["status"]?.string == "approved" && asked["decided_by"] == .null && asked["decided_at"]?.string != nil)
                try await stage.withdrawal(asked["id"]?.string ?? "", becomes: "paid", within: .seconds(90))
                try await stage.payPalOrder("flush")
            }
            #expect(try await stage.withdraw("100.01").json["status"]?.string == "requires_approval")
            #expect(try await stage.settled())
            #expect(try await stage.balance("provider:paypal:clearing:THB") == "-300.75")
            #expect(try await stage.wallet() == ["700.00", "100.01", "599.99"])
            #expect(try await stage.booksAreRight())
        }
    }

    /// What is refused, with the code.
    private static let refused: [(amount: String, currency: String, destination: String, code: String)] = [
        ("1000.01", "THB", Stage.winner, "would_exceed_balance"), ("10.00", "USD", Stage.winner, "would_exceed_balance"),
        ("0.99", "THB", Stage.winner, "amount_too_small"), ("600000.01", "THB", Stage.winner, "amount_too_large"),
        ("1.00", "KWD", Stage.winner, "currency_not_supported"), ("1.005", "THB", Stage.winner, "invalid_amount"),
        ("10.00", "THB", "paypal:nobody", "invalid_destination"), ("10.00", "THB", "bank:0123456789", "destination_not_supported"),
        ("10.00", "THB", "promptpay:0812345678", "destination_not_supported"),
    ]

    @Test("a wallet is never spent twice, and what cannot be is refused with its reason and leaves nothing behind")
    func refusals() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            try await stage.fill("c")
            for (amount, currency, destination, code) in Self.refused {
                let answer = try await stage.withdraw(amount, to: destination, currency: currency)
                #expect(answer.status == 422 && answer.code == code, "\(amount) \(currency) \(destination): \(answer.code ?? "-")")
            }
            let reader = try await stage.makeKey("wallets:read", "payouts:write")
            #expect(try await stage.withdraw(token: reader).code == "scope_missing")
            #expect(try await stage.withdraw(from: "%E0%B8%81").code == "invalid_request")
            #expect(try await stage.post("\(Self.path)/wd_00000000000000000000000000/approve", nil).code == "not_found")
            #expect(try await stage.get(Self.path).json["data"] == [])
            #expect(try await stage.get("/v1/wallets/nobody").json["balances"] == [])

            let answers = try await withThrowingTaskGroup(of: Stage.Answer.self) { group in
                for _ in 0..<6 { group.addTask { try await stage.withdraw("1000.00") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count(where: { $0.status == 201 }) == 1)
            #expect(answers.filter { $0.status != 201 }.allSatisfy { $0.code == "would_exceed_balance" })
            #expect(try await stage.wallet() == ["1000.00", "1000.00", "0.00"])
            #expect(try await stage.booksAreRight())
        }
    }
}
