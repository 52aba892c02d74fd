import StrictJSON
import TestSupport
import Testing

/// A life of a charge that its provider tells in several webhooks, which may come in any order.
struct ConformanceLife: Sendable {
    let name: String
    /// Method and what belongs to it, where they are not the subject's usual ones.
    var members: String?
    /// Lets the simulator know, before all, what it has to do otherwise than usual.
    var prepare: @Sendable (Stage) async throws -> Void = { _ in }
    /// Lives it while all webhooks are held back, and returns the provider's names by which these speak of it.
    let live: @Sendable (Stage, JSONValue) async throws -> Set<String>
    /// What the webhooks are, by `ConformanceLife.label`, in the order in which they are caused.
    let events: [String]
    var refunded = "0.00"
    /// Whether calls of the provider follow from events, so that they are waited for; a bank's open charges have calls that only wait for
    /// their time.
    var leadsToCalls = true
    /// What is owed for the order in the end, and what stands in suspense.
    let owed: String
    var suspense = "0"
    /// What the order core is told about it, in any order.
    let told: [String]
    /// What it is told only if something that is still open is heard of before it is over.
    var toldWhileOpen: WhileOpen?

    /// News that is none once it is over.
    struct WhileOpen: Sendable {
        let type: String
        let open: Set<String>
        let over: Set<String>
    }

    /// Up to so many events come in every order; of more, in so many random ones.
    static let everyOrderMax = 5
    static let randomOrders = 60

    /// What an event is: its type, or the amount that a bank confirms.
    static func label(_ body: JSONValue) -> String {
        ["type", "event_type", "amount"].lazy.compactMap { body[$0]?.string }.first ?? "?"
    }

    /// The orders in which the events come, as places in `events`.
    func orders(_ random: inout SeededRandom) -> [[Int]] {
        let natural = Array(events.indices)
        guard natural.count > ConformanceLife.everyOrderMax else { return permutations(of: natural) }
        return [natural.reversed()] + (1..<ConformanceLife.randomOrders).map { _ in natural.shuffled(using: &random) }
    }

    /// What the order core is told when the events come in an order, in alphabetical order.
    func news(_ order: [Int]) -> [String] {
        guard let condition = toldWhileOpen else { return told.sorted() }
        let first = order.lazy.map { events[$0] }.first { condition.open.contains($0) || condition.over.contains($0) }
        return (told + (first.map(condition.open.contains) == true ? [condition.type] : [])).sorted()
    }
}

/// A life at a provider, as an argument of a test.
struct ConformanceLifeCase: Sendable, CustomTestStringConvertible {
    let subject: ConformanceSubject
    let life: ConformanceLife

    var testDescription: String { "\(subject.name): \(life.name)" }

    static let all = ConformanceSubject.all.flatMap { subject in subject.lives.map { ConformanceLifeCase(subject: subject, life: $0) } }
}
