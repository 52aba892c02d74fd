import Payments
import PostgreSQL
import Storage

/// What a batch of facts concerns, held under lock, and what the facts before did to it.
struct FactBook {
    private(set) var file: CaseFile
    /// The charges whose references are stored.
    private let named: Set<ChargeID>

    private init(file: CaseFile, charges: [Charge]) {
        self.file = file
        named = Set(charges.lazy.filter { $0.providerReference != nil }.map(\.id))
    }

    /// Reads and locks in one round trip.
    static func read(for facts: [PaymentFact], in transaction: Transaction) async throws -> FactBook {
        let query = Query(for: facts)
        return try query.book(from: try await transaction.pipeline(query.commands))
    }

    /// Decides one fact and keeps its effect for those that follow.
    mutating func decide(_ fact: PaymentFact, at now: Timestamp, new: CaseFile.NewIdentifiers) -> (Decision, ChargeID?) {
        file.decide(fact, at: now, new: new)
    }

    /// Whether a charge has a reference that is not stored yet.
    func isNamedAnew(_ charge: Charge) -> Bool {
        charge.providerReference != nil && !named.contains(charge.id)
    }
}

extension FactBook {
    /// What has to be asked for a batch of facts: one round trip, whatever they are.
    struct Query {
        private(set) var commands: [Command] = []
        private var readers: [Reader] = []

        /// How the answer to a command is read.
        private enum Reader {
            case charges
            case causes
            case refunds
            case disputes
            case settlements
        }

        /// Asks for the charges that `facts` may concern, under lock, for what belongs to those, and for the causes that may be booked.
        init(for facts: [PaymentFact]) {
            var subjects = Subjects()
            for fact in facts { subjects.add(fact) }
            for command in subjects.chargeCommands { ask(command, .charges) }
            // Behind the charges: whoever changes a refund or a dispute holds its charge.
            if !subjects.causes.isEmpty { ask(LedgerStore.existingCauses(Array(subjects.causes)), .causes) }
            if !subjects.refunds.isEmpty { ask(RefundStore.lock(subjects.refunds), .refunds) }
            if !subjects.disputes.isEmpty { ask(DisputeStore.lock(subjects.disputes), .disputes) }
            if !subjects.payments.isEmpty {
                ask(RefundStore.lock(homelessOf: subjects.payments), .refunds)
                ask(DisputeStore.lock(homelessOf: subjects.payments), .disputes)
            }
            if !subjects.settlements.isEmpty { ask(SettlementStore.lock(subjects.settlements), .settlements) }
        }

        private mutating func ask(_ command: Command, _ reader: Reader) {
            commands.append(command)
            readers.append(reader)
        }

        /// Reads the answers to the commands.
        func book(from results: some Collection<QueryResult>) throws -> FactBook {
            var charges: [Charge] = []
            var causes: Set<EntryCause> = []
            var refunds: [Refund] = []
            var disputes: [Dispute] = []
            var settlements: [Settlement] = []
            for (result, reader) in zip(results, readers) {
                switch reader {
                case .charges: charges += try ChargeStore.decode(result)
                case .causes: causes = Set(try LedgerStore.decodeCauses(result).keys)
                case .refunds: refunds += try RefundStore.decode(result)
                case .disputes: disputes += try DisputeStore.decode(result)
                case .settlements: settlements = try SettlementStore.decode(result)
                }
            }
            let file = CaseFile(charges: charges, refunds: refunds, disputes: disputes, settlements: settlements, causes: causes)
            return FactBook(file: file, charges: charges)
        }
    }

    /// The names by which facts speak of what is stored.
    private struct Subjects {
        private var ids: Set<ChargeID> = []
        private var references: Set<ProviderReference> = []
        private var amounts: [ProviderName: Set<Amount>] = [:]
        private(set) var causes: Set<EntryCause> = []
        private(set) var refunds = RefundStore.Names()
        private(set) var disputes: Set<ProviderReference> = []
        private(set) var settlements: Set<ProviderReference> = []
        /// The providers' names for payments, by which something may wait for its charge.
        private(set) var payments: Set<ProviderReference> = []

        mutating func add(_ fact: PaymentFact) {
            switch fact.subject {
            case .charge(let id): ids.insert(id)
            case .reference(let text): references.insert(ProviderReference(fact.provider, text))
            case .amount(let amount): amounts[fact.provider, default: []].insert(amount)
            case .unknown: break
            }
            for payment in [fact.paymentReference, fact.providerReference] {
                if let payment { payments.insert(ProviderReference(fact.provider, payment)) }
            }
            if let cause = CaseFile.cause(of: fact) { causes.insert(cause) }
            causes.formUnion(CaptureCause.candidates(of: fact))
            switch fact.kind {
            case .refund(let refund): refunds.add(refund, of: fact)
            case .refundRefused(let refusal): refunds.add(refusal.refundID)
            case .dispute(let dispute): disputes.insert(ProviderReference(fact.provider, dispute.dispute))
            case .disputeFunds(let funds): disputes.insert(ProviderReference(fact.provider, funds.dispute))
            case .payout(let payout): settlements.insert(ProviderReference(fact.provider, payout.payout))
            default: break
            }
        }

        var chargeCommands: [Command] {
            var commands: [Command] = []
            if !ids.isEmpty { commands.append(ChargeStore.lock(ids: ids.sorted())) }
            if !references.isEmpty { commands.append(ChargeStore.lock(references: references.map { ($0.provider, $0.text) })) }
            for (provider, amounts) in amounts {
                commands.append(ChargeStore.lockOpen(provider: provider, amounts: Array(amounts)))
            }
            if !refunds.isEmpty { commands.append(ChargeStore.lock(ofRefunds: refunds)) }
            if !disputes.isEmpty { commands.append(ChargeStore.lock(ofDisputes: disputes)) }
            return commands
        }
    }
}
