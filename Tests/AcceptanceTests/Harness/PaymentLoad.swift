import Foundation
import HTTPTypes
import StrictJSON
import Synchronization
import TestSupport
import Testing

/// Customers who order and pay without a pause while a test does something to the programs.
///
/// They behave as order services and providers do: what was not answered is asked again, with the same key and the same event, until
/// it is. At the end the books are compared with what was answered.
final class PaymentLoad: Sendable {
    private struct State {
        var isOver = false
        var promptPay: [String] = []
        var cards: [String] = []
    }

    private let stage: Stage
    /// Every so many orders one is paid by card; nil is never.
    private let cardEvery: Int?
    private let state = Mutex(State())

    init(stage: Stage, cardEvery: Int? = 3) {
        self.stage = stage
        self.cardEvery = cardEvery
    }

    /// How many charges were answered so far.
    var count: Int { state.withLock { $0.promptPay.count + $0.cards.count } }

    /// Lets customers come and go while `fault` runs, then until each has been answered.
    func run(customers: Int = 6, during fault: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for customer in 0..<customers {
                group.addTask { try await self.visit(customer) }
            }
            defer { state.withLock { $0.isOver = true } }
            try await fault()
            state.withLock { $0.isOver = true }
            try await group.waitForAll()
        }
    }

    private func visit(_ customer: Int) async throws {
        var visits = customer
        while !state.withLock({ $0.isOver }) {
            visits += 1
            if let cardEvery, visits.isMultiple(of: cardEvery) { try await payByCard() } else { try await payByPromptPay() }
        }
    }

    private func payByPromptPay() async throws {
        let body = #"{"order_id":"o","amount":"150.00","currency":"THB","method":"promptpay"}"#
        let charge = try await order(body)
        let confirmation = Stage.confirmation(reference: charge["provider_reference"]?.string ?? "", amount: "150.00")
        try await persist { try await self.stage.postBank(confirmation) }
        state.withLock { $0.promptPay.append(charge["id"]?.string ?? "") }
    }

    private func payByCard() async throws {
        let body =
            #"{"order_id":"o","amount":"240.00","currency":"THB","method":"card","payment_details":{"card_token":"pm_card_visa"}}"#
        let charge = try await order(body)
        state.withLock { $0.cards.append(charge["id"]?.string ?? "") }
    }

    private func order(_ body: String) async throws -> JSONValue {
        let key = UUID().uuidString
        return try await persist { try await self.stage.createCharge(body, key: key) }.json
    }

    /// Asks until there is an answer; only those answers that ask for patience are borne.
    @discardableResult
    private func persist(_ ask: () async throws -> Stage.Answer) async throws -> Stage.Answer {
        let deadline = ContinuousClock.now.advanced(by: .seconds(150))
        while ContinuousClock.now < deadline {
            if let answer = try? await ask() {
                switch answer.status {
                case 200, 201, 202: return answer
                case 409 where answer.code == "idempotency_key_in_progress", 503: break
                default: throw StageError("answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
                }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw StageError("never answered")
    }

    /// Compares the books, the charges and what the order core was told with what was answered.
    func expectEverythingRight(within limit: Duration = .seconds(150)) async throws {
        let (promptPay, cards) = state.withLock { ($0.promptPay, $0.cards) }
        let expected = "\(promptPay.count * 150 + cards.count * 240).00"
        #expect(!promptPay.isEmpty)
        #expect(try await stage.balance("orders:payable:THB", becomes: expected, within: limit))
        #expect(try await waitUntil(limit) { try await self.toldWrongly().isEmpty })
        #expect(try await toldWrongly() == [:])
        #expect(try await stage.settled())
        #expect(try await chargeIDs().sorted() == (promptPay + cards).sorted(), "each order is one charge")
        #expect(try await stage.balance("orders:payable:THB") == expected)
        #expect(try await stage.balance("suspense:promptpay:THB") == "0")
        #expect(try await stage.balance("suspense:stripe:THB") == "0")
        #expect(try await stage.booksAreRight())
    }

    /// Charges of which the order core has heard anything but the whole story in order, with what it has heard.
    private func toldWrongly() async throws -> [String: [String]] {
        let (promptPay, cards) = state.withLock { ($0.promptPay, $0.cards) }
        let rows = try await stage.send(.get, stage.orderCore("/notifications")).json["data"]?.array ?? []
        var told: [String: [String]] = [:]
        for row in rows { told[row["charge_id"]?.string ?? "", default: []].append(row["type"]?.string ?? "") }
        let right = [(promptPay, ["charge.requires_action", "charge.succeeded"]), (cards, ["charge.succeeded"])]
        return right.reduce(into: [:]) { wrong, pair in
            for id in pair.0 where told[id] != pair.1 { wrong[id] = told[id] ?? [] }
        }
    }

    private func chargeIDs() async throws -> [String] {
        var ids: [String] = []
        var path = "/v1/charges?limit=100"
        while true {
            let page = try await stage.get(path).json
            ids += page["data"]?.array?.compactMap { $0["id"]?.string } ?? []
            guard let cursor = page["next"]?.string else { return ids }
            path = "/v1/charges?limit=100&after=\(cursor)"
        }
    }
}
