import Payments
import Providers
import TestSupport
import Testing

/// What becomes of a charge when a provider's events are read and told one after the other, as the inbox does it, without a database.
struct ToldEvents {
    private var file: CaseFile
    private let charge: ChargeID
    private var lastID: UInt128 = 1000
    private var refunds: [RefundID: Refund] = [:]
    private var disputes: [String: Dispute] = [:]
    private var settlements: [String: Settlement] = [:]
    private var entries: [JournalEntry] = []
    private var exceptions: [PaymentException] = []

    /// Begins with a charge.
    init(about charge: Charge) {
        self.charge = charge.id
        file = CaseFile(charges: [charge])
    }

    /// Tells the facts of one event.
    mutating func tell(_ facts: [PaymentFact]) {
        for fact in facts {
            let id = lastID + 1
            lastID = id
            let new = CaseFile.NewIdentifiers(
                refund: { RefundID(value: id) },
                dispute: { DisputeID(value: id) },
                settlement: { SettlementID(value: id) }
            )
            add(file.decide(fact, at: Timestamp(seconds: 2_000_000_000), new: new).0)
        }
    }

    private mutating func add(_ decision: Decision) {
        if let refund = decision.refund { refunds[refund.id] = refund }
        if let dispute = decision.dispute { disputes[dispute.providerReference] = dispute }
        if let settlement = decision.settlement { settlements[settlement.providerReference] = settlement }
        entries += decision.entries
        exceptions += decision.exceptions
        exceptions.end(decision.resolutions)
        for adoption in decision.adoptions { add(adoption) }
    }

    /// How everything stands.
    struct Standing {
        let charge: Charge?
        /// What is booked because of a provider's own movement; what only moves money between our accounts shows in the balances.
        let booked: [String]
        let balances: [String: Int128]
        /// What finance has to look at.
        let open: [String]
        /// All of it by lines, without our own ids, and without how many steps it took, when, and for how long a charge was not known.
        let lines: [String]
    }

    var standing: Standing {
        var balances: [String: Int128] = [:]
        for transfer in entries.flatMap(\.transfers) {
            balances[transfer.debit.name.text, default: 0] += transfer.amount.minorUnits
            balances[transfer.credit.name.text, default: 0] -= transfer.amount.minorUnits
        }
        balances = balances.filter { $0.value != 0 }
        let ours: Set<EntryKind> = [.reassignment, .disputeLoss]
        // Several events tell that a refund or a settlement is done, each with its own time, and the first that comes is believed.
        let told: Set<EntryKind> = [.refund, .settlement]
        let booked = entries.filter { !ours.contains($0.kind) }.map { entry in
            "booked: \(entry.cause)" + (told.contains(entry.kind) ? "" : " at \(entry.occurredAt)")
        }
        let open = exceptions.map { "open: \($0.cause) \($0.reason)" }
        let things =
            file.charges.values.flatMap { ToldEvents.lines($0, "charge") }
            + refunds.values.flatMap { ToldEvents.lines($0, "refund \($0.providerReference ?? "")", without: ["lastFactAt"]) }
            + disputes.values.flatMap { ToldEvents.lines($0, "dispute \($0.providerReference)") }
            + settlements.values.flatMap { ToldEvents.lines($0, "settlement \($0.providerReference)") }
        let sums = balances.map { "balance: \($0.key) \($0.value)" }
        return Standing(
            charge: file.charges[charge],
            booked: booked,
            balances: balances,
            open: open,
            lines: (things + booked + sums + open).sorted()
        )
    }

    private static func lines(_ thing: some Any, _ name: String, without: Set<String> = []) -> [String] {
        let left = without.union(["id", "paymentReference", "version", "createdAt", "updatedAt"])
        return Mirror(reflecting: thing).children.filter { !left.contains($0.label ?? "") }.map { "\(name): \($0.label ?? "") \($0.value)" }
    }

    /// How everything stands when a life's events come in their natural order; issues tell of every other order that ends otherwise.
    ///
    /// Every order of up to five events, else `randomOrders` of them; the events come once, each twice in a row, and all again backwards.
    static func standing(
        of charge: Charge,
        after events: [[PaymentFact]],
        randomOrders: Int = 300,
        _ random: inout SeededRandom
    ) -> Standing {
        let end = { (order: [[PaymentFact]]) in
            var told = ToldEvents(about: charge)
            for facts in order { told.tell(facts) }
            return told.standing
        }
        let expected = end(events).lines
        let places = Array(events.indices)
        let orders = places.count <= 5 ? permutations(of: places) : (0..<randomOrders).map { _ in places.shuffled(using: &random) }
        for order in orders {
            let told = order.map { events[$0] }
            #expect(end(told).lines == expected, "\(order)")
            #expect(end(told.flatMap { [$0, $0] }).lines == expected, "\(order), each twice")
            #expect(end(told + told.reversed()).lines == expected, "\(order), and again backwards")
        }
        return end(events)
    }
}
