import HTTPTypes
import Foundation
import StrictJSON
import TestSupport
import Testing

/// Charges that live the same life while the webhooks about them are held back, each to be told in an order of its own.
struct HeldLives {
    let subject: ConformanceSubject
    let life: ConformanceLife
    let stage: Stage
    private var lives: [Told] = []

    /// One charge, with the places of its webhooks and the order in which these come.
    private struct Told {
        let charge: String
        let order: [Int]
        let names: Set<String>
        var places: [Int] = []
    }

    /// So many charges live at once, and so many deliveries are under way.
    private static let width = 8

    init(subject: ConformanceSubject, life: ConformanceLife, stage: Stage) {
        self.subject = subject
        self.life = life
        self.stage = stage
    }

    /// Lets a fresh charge live for each order, and finds what is held back of each.
    mutating func live(inOrders orders: [[Int]]) async throws {
        let (subject, life, stage) = (subject, life, stage)
        lives = try await HeldLives.atOnce(orders) { order in
            let charge = try await subject.make(stage, members: life.members)
            return Told(charge: charge["id"]?.string ?? "", order: order, names: try await life.live(stage, charge))
        }
        let held = try await stage.heldWebhooks(at: subject.orders(stage, "held"))
        for index in lives.indices {
            lives[index].places = Set(lives[index].names.flatMap { held.placesByName[$0] ?? [] }).sorted()
            let events = lives[index].places.map { ConformanceLife.label(held.bodies[$0]) }
            guard events == life.events else { throw StageError("\(life.name) is told in other events: \(events)") }
        }
    }

    /// Delivers the first event of every charge, waits until nothing is under way, and goes on with the second.
    func deliverInTurn() async throws {
        for turn in life.events.indices {
            try await deliver(lives.map { [$0.places[$0.order[turn]]] })
            try await rest("event \(turn + 1) of each")
        }
    }

    /// Delivers all once more, those of a charge in any order and one upon the other.
    func deliverAgain(_ random: inout SeededRandom) async throws {
        try await deliver(lives.map { $0.places.shuffled(using: &random) })
        try await rest("all events again")
    }

    private func rest(_ what: String) async throws {
        let isQuiet = try await stage.isQuiet(calls: life.leadsToCalls)
        guard isQuiet else { throw StageError("\(life.name): something is still under way after \(what)") }
    }

    private func deliver(_ places: [[Int]]) async throws {
        let (stage, url) = (stage, subject.orders(stage, "deliver"))
        let statuses = try await HeldLives.atOnce(places) { try await stage.deliver($0, at: url) }
        #expect(statuses.joined().allSatisfy { $0 == 200 })
    }

    /// Checks what has become of every charge, and that the order core was told of it once, and in order.
    func check() async throws {
        let charges = try await HeldLives.byName(stage.all("/v1/charges"), "id")
        let sent = try await HeldLives.byName(stage.all("/v1/notifications"), "id")
        let received = try await stage.send(.get, stage.orderCore("/notifications")).json["data"]?.array ?? []
        #expect(received.allSatisfy { $0["repeats"]?.int64 == 0 && $0["out_of_order"]?.bool == false })
        let news = Dictionary(grouping: received) { sent[$0["id"]?.string ?? ""]?["ordering_key"]?.string ?? "?" }
        for told in lives {
            let charge = charges[told.charge]
            let types = (news[told.charge] ?? []).compactMap { $0["type"]?.string }.sorted()
            let order = told.order.map { life.events[$0] }
            #expect(charge?["status"]?.string == "succeeded", "\(order)")
            #expect(charge?["amount_captured"]?.string == subject.amount, "\(order)")
            #expect(charge?["amount_refunded"]?.string == life.refunded, "\(order)")
            #expect(types == life.news(told.order), "\(order)")
        }
    }

    /// The balances that are not zero, by account and in minor units.
    func balances() async throws -> [String: Int128] {
        let accounts = try await stage.get("/v1/ledger/trial-balance").json["accounts"]?.array ?? []
        let balances = accounts.map { ($0["name"]?.string ?? "", HeldLives.minorUnits($0["balance"]?.string)) }
        return Dictionary(uniqueKeysWithValues: balances.filter { $0.1 != 0 })
    }

    /// An amount without its point.
    static func minorUnits(_ amount: String?) -> Int128 {
        Int128((amount ?? "").filter { $0 != "." }) ?? 0
    }

    private static func byName(_ rows: [JSONValue], _ member: String) -> [String: JSONValue] {
        Dictionary(rows.map { ($0[member]?.string ?? "", $0) }) { first, _ in first }
    }

    /// Does the same with all inputs, a few at once; the outcomes come in the order of the inputs.
    private static func atOnce<Input: Sendable, Outcome: Sendable>(
        _ inputs: [Input],
        _ body: @escaping @Sendable (Input) async throws -> Outcome
    ) async throws -> [Outcome] {
        try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
            var outcomes: [Int: Outcome] = [:]
            for (index, input) in inputs.enumerated() {
                if index >= width, let (done, outcome) = try await group.next() { outcomes[done] = outcome }
                group.addTask { (index, try await body(input)) }
            }
            for try await (done, outcome) in group { outcomes[done] = outcome }
            return inputs.indices.compactMap { outcomes[$0] }
        }
    }
}
