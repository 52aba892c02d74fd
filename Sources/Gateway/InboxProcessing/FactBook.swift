import Payments
import PostgreSQL
import Storage

/// The charges and ledger causes that a batch of facts concerns, held under lock, and what the facts before did to them.
struct FactBook {
    private(set) var charges: [ChargeID: Charge]
    private var byReference: [Reference: ChargeID] = [:]
    private var causes: Set<EntryCause>
    /// The charges whose references are stored.
    private let named: Set<ChargeID>

    private struct Reference: Hashable {
        let provider: ProviderName
        let text: String
    }

    private init(charges: [Charge], causes: Set<EntryCause>) {
        self.charges = Dictionary(charges.map { ($0.id, $0) }) { first, _ in first }
        self.causes = causes
        named = Set(charges.lazy.filter { $0.providerReference != nil }.map(\.id))
        for charge in charges {
            guard let reference = charge.providerReference else { continue }
            byReference[Reference(provider: charge.provider, text: reference)] = charge.id
        }
    }

    /// Reads and locks in one round trip.
    static func read(for facts: [PaymentFact], in transaction: Transaction) async throws -> FactBook {
        let query = Query(for: facts)
        return try query.book(from: try await transaction.pipeline(query.commands))
    }

    /// What has to be asked for a batch of facts.
    struct Query {
        private(set) var commands: [Command] = []
        private let chargeCommandCount: Int

        /// Asks for the charges that `facts` may concern, under lock, and for the causes that may be booked.
        init(for facts: [PaymentFact]) {
            var ids: Set<ChargeID> = []
            var references: Set<Reference> = []
            var amounts: [ProviderName: Set<Amount>] = [:]
            var causes: Set<EntryCause> = []
            for fact in facts {
                switch fact.subject {
                case .charge(let id): ids.insert(id)
                case .reference(let text): references.insert(Reference(provider: fact.provider, text: text))
                case .amount(let amount): amounts[fact.provider, default: []].insert(amount)
                case .unknown: break
                }
                if case .captured(let capture) = fact.kind { causes.insert(CaptureCause.of(capture, through: fact.provider)) }
            }
            if !ids.isEmpty { commands.append(ChargeStore.lock(ids: ids.sorted())) }
            if !references.isEmpty { commands.append(ChargeStore.lock(references: references.map { ($0.provider, $0.text) })) }
            for (provider, amounts) in amounts {
                commands.append(ChargeStore.lockOpen(provider: provider, amounts: Array(amounts)))
            }
            chargeCommandCount = commands.count
            if !causes.isEmpty { commands.append(LedgerStore.existingCauses(Array(causes))) }
        }

        /// Reads the answers to the commands.
        func book(from results: some Collection<QueryResult>) throws -> FactBook {
            let charges = try results.prefix(chargeCommandCount).flatMap { try ChargeStore.decode($0) }
            let existing = try results.dropFirst(chargeCommandCount).flatMap { try LedgerStore.decodeCauses($0).keys }
            return FactBook(charges: charges, causes: Set(existing))
        }
    }

    /// Decides one fact and keeps its effect for those that follow.
    ///
    /// Money whose cause the ledger holds already was booked by an earlier telling of the same fact, whatever it led to then.
    mutating func decide(_ fact: PaymentFact, at now: Timestamp) -> (Decision, ChargeID?) {
        let match = charge(for: fact)
        if case .captured(let capture) = fact.kind, causes.contains(CaptureCause.of(capture, through: fact.provider)) {
            return (.alreadyKnown, match.charge?.id)
        }
        let decision: Decision
        if let charge = match.charge {
            decision = charge.apply(fact, at: now)
        } else {
            decision = SuspenseRule.unmatched(fact, reason: match.isAmbiguous ? .ambiguous : .unknownCharge, at: now)
        }
        if let charge = decision.charge { keep(charge) }
        causes.formUnion(decision.entries.map(\.cause))
        return (decision, match.charge?.id)
    }

    /// Whether a charge has a reference that is not stored yet.
    func isNamedAnew(_ charge: Charge) -> Bool {
        charge.providerReference != nil && !named.contains(charge.id)
    }

    private mutating func keep(_ charge: Charge) {
        charges[charge.id] = charge
        guard let reference = charge.providerReference else { return }
        byReference[Reference(provider: charge.provider, text: reference)] = charge.id
    }

    private func charge(for fact: PaymentFact) -> (charge: Charge?, isAmbiguous: Bool) {
        switch fact.subject {
        case .charge(let id):
            return (charges[id].flatMap { $0.provider == fact.provider ? $0 : nil }, false)
        case .reference(let text):
            return (byReference[Reference(provider: fact.provider, text: text)].flatMap { charges[$0] }, false)
        case .amount(let amount):
            let open = charges.values.filter { $0.provider == fact.provider && $0.status == .requiresAction && $0.order.amount == amount }
            return (open.count == 1 ? open.first : nil, open.count > 1)
        case .unknown:
            return (nil, false)
        }
    }
}
