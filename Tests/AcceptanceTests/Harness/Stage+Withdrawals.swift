import StrictJSON
import TestSupport
import Testing

extension Stage {
    static let winner = "paypal:winner@example.com"

    /// Puts 1000.00 into the wallet of a customer.
    func fill(_ customer: String, _ amount: String = "1000.00") async throws {
        let credits = Stage.credits("fill-\(customer)", [("t", customer, amount)])
        guard try await post("/v1/wallet-credits", credits).status == 200 else { throw StageError("the wallet was not filled") }
    }

    /// Asks for a withdrawal.
    func withdraw(
        _ amount: String = "500.00",
        from customer: String = "c",
        to destination: String = Stage.winner,
        currency: String = "THB",
        token: String = Stage.key
    ) async throws -> Answer {
        let body = #"{"amount":"\#(amount)","currency":"\#(currency)","destination":"\#(destination)"}"#
        return try await post("/v1/wallets/\(customer)/withdrawals", body, token: token)
    }

    /// A withdrawal that the holder of `approver` has approved; returns its id.
    func approvedWithdrawal(_ amount: String = "500.00", from customer: String = "c", by approver: String) async throws -> String {
        let asked = try await withdraw(amount, from: customer)
        guard asked.status == 201, let id = asked.json["id"]?.string else {
            throw StageError("the withdrawal was answered \(asked.status): \(String(decoding: asked.body, as: UTF8.self))")
        }
        let approved = try await post("/v1/withdrawals/\(id)/approve", nil, token: approver)
        guard approved.status == 200 else { throw StageError("the approval was answered \(approved.status)") }
        return id
    }

    /// Waits until a withdrawal has a status, which is an issue when it has not in time; returns it as it then stands.
    @discardableResult
    func withdrawal(_ id: String, becomes status: String, within limit: Duration = .seconds(120)) async throws -> JSONValue {
        var last = JSONValue.null
        let isReached = try await waitUntil(limit) {
            last = (try? await self.get("/v1/withdrawals/\(id)").json) ?? last
            return last["status"]?.string == status
        }
        if !isReached { Issue.record("the withdrawal is \(last["status"]?.string ?? "nothing") and not \(status)") }
        return last
    }

    /// The balance of a customer's only wallet: posted, held, available.
    func wallet(_ customer: String = "c") async throws -> [String] {
        let balance = try await get("/v1/wallets/\(customer)").json["balances"]?.array?.first
        return ["posted", "held", "available"].compactMap { balance?[$0]?.string }
    }

    /// The types that the order core got about a withdrawal, in alphabetical order.
    func withdrawalNews(_ id: String) async throws -> [String] {
        try await all("/v1/notifications").filter { $0["ordering_key"]?.string == id && $0["status"]?.string == "delivered" }
            .compactMap { $0["type"]?.string }.sorted()
    }

    /// Waits until the order core got these types about a withdrawal, and no others.
    func heard(_ id: String, _ types: [String], within limit: Duration = .seconds(120)) async throws -> Bool {
        try await waitUntil(limit) { try await self.withdrawalNews(id) == types.sorted() }
    }
}
