import Payments
import PostgreSQL
package import Storage

/// Commits what follows from facts: charge state, ledger entries, notifications and the caller's own rows, all or nothing.
package struct FactCommitter: Sendable {
    let ledger: Ledger
    let surroundings: Surroundings
    let delivery: WorkSignal

    /// Commits into `ledger` and wakes `delivery` when there is something to tell.
    package init(ledger: Ledger, surroundings: Surroundings, delivery: WorkSignal) {
        self.ledger = ledger
        self.surroundings = surroundings
        self.delivery = delivery
    }

    /// The facts to commit, with what the caller needs to write its own rows beside them.
    struct Work<Context: Sendable>: Sendable {
        let facts: [PaymentFact]
        let context: Context
        /// The charges and causes that the facts concern, where they were read together with the work.
        var book: FactBook?
    }

    /// Connections to the database that everything is committed to.
    var pool: ConnectionPool { ledger.pool }

    private static let attemptsMax = 5

    /// Reads work, decides it, and writes everything in one transaction; nil when there was no work.
    ///
    /// Two workers may book the same cause at the same time when no charge row stands between them, or write a refund and the name of the
    /// charge that it waits for; the database lets one through, and the other's whole transaction is repeated and then sees what was done.
    func commit<Context: Sendable>(
        _ read: @Sendable (Transaction) async throws -> Work<Context>?,
        write: @Sendable (FactBatch.Outcome, Context) throws -> [Command]
    ) async throws -> (outcome: FactBatch.Outcome, context: Context)? {
        for attempt in 1... {
            do {
                return try await commitOnce(read, write: write)
            } catch let error as PostgresError where error.isUniqueViolation && attempt < FactCommitter.attemptsMax {
                continue
            }
        }
        return nil
    }

    private func commitOnce<Context: Sendable>(
        _ read: @Sendable (Transaction) async throws -> Work<Context>?,
        write: @Sendable (FactBatch.Outcome, Context) throws -> [Command]
    ) async throws -> (outcome: FactBatch.Outcome, context: Context)? {
        let batch = FactBatch(surroundings: surroundings)
        let result = try await ledger.commit { transaction, chain -> ((FactBatch.Outcome, Context)?, LedgerWrite, SealChain) in
            guard let work = try await read(transaction) else { return (nil, .nothing, chain) }
            let outcome = try await batch.decide(work.facts, book: work.book, in: transaction)
            let entries = ledger.write(unchecked: outcome.entries)
            // The ledger's commands come last: they lock the rows that many batches share.
            let booking = entries.booking(postedAt: surroundings.now(), chain: chain)
            let commands = try write(outcome, work.context) + outcome.commands + booking.commands
            booking.learn(from: try await transaction.finish(with: commands).last)
            return ((outcome, work.context), entries, booking.chain)
        }
        guard let (outcome, context) = result else { return nil }
        if outcome.hasNotifications { delivery.raise() }
        return (outcome, context)
    }
}
