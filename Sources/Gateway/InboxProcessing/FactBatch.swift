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
        var changed: Set<ChargeID> = []
        var written = Written()
        for fact in facts {
            let (decision, chargeID) = book.decide(fact, at: now)
            outcome.effects.append((decision.effect, chargeID))
            if let charge = decision.charge { changed.insert(charge.id) }
            written.append(decision)
        }
        outcome.charges = book.charges
        outcome.hasNotifications = !written.notifications.isEmpty
        outcome.entries = written.entries.map { (surroundings.identifier(EntryID.self), $0) }
        let charges = changed.sorted().compactMap { book.charges[$0] }
        if !charges.isEmpty { outcome.commands = ChargeStore.update(charges, named: charges.filter(book.isNamedAnew)) }
        outcome.commands += commands(for: written, at: now)
        return outcome
    }

    private struct Written {
        var entries: [JournalEntry] = []
        var notifications: [OrderCoreNotification] = []
        var exceptions: [PaymentException] = []

        mutating func append(_ decision: Decision) {
            entries += decision.entries
            notifications += decision.notifications
            exceptions += decision.exceptions
        }
    }

    private func commands(for written: Written, at now: Timestamp) -> [Command] {
        var commands: [Command] = []
        if !written.exceptions.isEmpty {
            commands.append(ExceptionStore.insert(written.exceptions.map { (surroundings.identifier(), $0) }, at: now))
        }
        commands += NotificationWriting.commands(written.notifications, surroundings: surroundings)
        return commands
    }
}
