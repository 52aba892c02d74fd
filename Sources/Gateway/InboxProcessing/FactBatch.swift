import Payments
import PostgreSQL
import Storage

/// Many facts, decided in order against the charges they concern, inside one transaction.
///
/// Reading is one round trip: the charges under lock and the causes that the ledger holds already. What follows from the decisions comes
/// back as commands, to be written together with the caller's own in the transaction's last round trip.
struct FactBatch {
    /// What came of the facts.
    struct Outcome: Sendable {
        /// For each fact in order, how it was taken and the charge it reached.
        var effects: [(effect: Decision.Effect, chargeID: ChargeID?)] = []
        /// Everything to be written but the entries.
        var commands: [Command] = []
        /// The charges as they stand after all facts.
        var charges: [ChargeID: Charge] = [:]
        /// The refunds as they stand after all facts.
        var refunds: [RefundID: Refund] = [:]
        /// What is to be booked.
        var entries: [(EntryID, JournalEntry)] = []
        /// Whether the order core is told something.
        var hasNotifications = false
    }

    let surroundings: Surroundings

    /// Decides `facts` in order, against a book that was read for them or is read now.
    func decide(_ facts: [PaymentFact], book: FactBook?, in transaction: Transaction) async throws -> Outcome {
        guard !facts.isEmpty else { return Outcome() }
        var book = if let book { book } else { try await FactBook.read(for: facts, in: transaction) }
        let now = surroundings.now()
        var outcome = Outcome()
        var written = Written()
        let new = CaseFile.NewIdentifiers(
            refund: { surroundings.identifier() },
            dispute: { surroundings.identifier() },
            settlement: { surroundings.identifier() }
        )
        for fact in facts {
            let (decision, chargeID) = book.decide(fact, at: now, new: new)
            outcome.effects.append((decision.effect, chargeID))
            written.append(decision)
        }
        outcome.charges = book.file.charges
        outcome.refunds = book.file.refunds
        outcome.hasNotifications = !written.notifications.isEmpty
        outcome.entries = written.entries.map { (surroundings.identifier(EntryID.self), $0) }
        let charges = written.charges.values.sorted { $0.id < $1.id }
        let named = charges.filter(book.isNamedAnew)
        if !charges.isEmpty { outcome.commands = ChargeStore.update(charges, named: named) }
        outcome.commands += commands(for: written, at: now)
        let names = named.compactMap { charge in charge.providerReference.map { ProviderReference(charge.provider, $0) } }
        outcome.commands += HomeStore.meet(homeless: written.homeless, named: Set(names))
        return outcome
    }

    private struct Written {
        var charges: [ChargeID: Charge] = [:]
        var refunds: [RefundID: Refund] = [:]
        var disputes: [DisputeID: Dispute] = [:]
        var settlements: [SettlementID: Settlement] = [:]
        var entries: [JournalEntry] = []
        var notifications: [OrderCoreNotification] = []
        var exceptions: [PaymentException] = []
        var resolutions: [ExceptionResolution] = []

        /// The payments of refunds and disputes whose charge is not known.
        var homeless: Set<ProviderReference> {
            let ofRefunds = refunds.values.filter { $0.chargeID == nil }.map { ($0.provider, $0.paymentReference) }
            let ofDisputes = disputes.values.filter { $0.chargeID == nil }.map { ($0.provider, $0.paymentReference) }
            return Set((ofRefunds + ofDisputes).compactMap { provider, payment in payment.map { ProviderReference(provider, $0) } })
        }

        mutating func append(_ decision: Decision) {
            if let charge = decision.charge { charges[charge.id] = charge }
            if let refund = decision.refund { refunds[refund.id] = refund }
            if let dispute = decision.dispute { disputes[dispute.id] = dispute }
            if let settlement = decision.settlement { settlements[settlement.id] = settlement }
            entries += decision.entries
            notifications += decision.notifications
            exceptions += decision.exceptions
            resolutions += decision.resolutions
            for adoption in decision.adoptions { append(adoption) }
        }
    }

    private func commands(for written: Written, at now: Timestamp) -> [Command] {
        var commands: [Command] = []
        if !written.refunds.isEmpty { commands.append(RefundStore.write(written.refunds.values.sorted { $0.id < $1.id })) }
        if !written.disputes.isEmpty { commands.append(DisputeStore.write(written.disputes.values.sorted { $0.id < $1.id })) }
        if !written.settlements.isEmpty { commands.append(SettlementStore.write(Array(written.settlements.values))) }
        if !written.exceptions.isEmpty {
            commands.append(ExceptionStore.insert(written.exceptions.map { (surroundings.identifier(), $0) }, at: now))
        }
        if !written.resolutions.isEmpty { commands.append(ExceptionStore.resolve(written.resolutions, at: now)) }
        commands += NotificationWriting.commands(written.notifications, surroundings: surroundings)
        return commands
    }
}
