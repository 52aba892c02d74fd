import Synchronization

/// A transaction in progress on one connection.
package final class Transaction: Sendable {
    /// How far the transaction is.
    enum Phase {
        /// BEGIN travels with the first commands.
        case notBegun
        case begun
        /// COMMIT was sent.
        case committing
        case ended
    }

    private let session: Session
    private let begin: Statement
    private let phaseBox = Mutex(Phase.notBegun)

    private static let commit = Statement("transaction_commit", "COMMIT")
    private static let rollback = Statement("transaction_rollback", "ROLLBACK")

    init(session: Session, begin: Statement) {
        self.session = session
        self.begin = begin
    }

    var phase: Phase { phaseBox.withLock { $0 } }

    private func enter(_ phase: Phase) {
        phaseBox.withLock { $0 = phase }
    }

    /// Runs one command.
    ///
    /// - Throws: `PostgresError`.
    package func execute(_ command: Command) async throws(PostgresError) -> QueryResult {
        guard let result = try await pipeline([command]).last else { throw PostgresError(.decoding, "the statement gave no result") }
        return result
    }

    /// Runs one statement.
    ///
    /// - Throws: `PostgresError`.
    package func execute(_ statement: Statement, _ parameters: [Parameter] = []) async throws(PostgresError) -> QueryResult {
        try await execute(Command(statement, parameters))
    }

    /// Runs commands in one round trip.
    ///
    /// - Throws: `PostgresError` of the first that failed.
    package func pipeline(_ commands: [Command]) async throws(PostgresError) -> [QueryResult] {
        switch phase {
        case .notBegun:
            // A failure here may come before or after BEGIN took effect; ROLLBACK is harmless in both cases.
            enter(.begun)
            return Array(try await session.pipeline([Command(begin)] + commands).dropFirst())
        case .begun:
            return try await session.pipeline(commands)
        case .committing, .ended:
            preconditionFailure("a transaction that was finished takes no more commands")
        }
    }

    /// Runs the last commands and COMMIT in one round trip; afterwards the transaction is over.
    ///
    /// - Throws: `PostgresError`; `commitOutcomeUnknown` when the answer was lost or not waited for.
    package func finish(with commands: [Command]) async throws(PostgresError) -> [QueryResult] {
        // Up to here a cancellation is certain to have changed nothing; later it cannot know whether COMMIT was sent.
        try Task.checkCancellationAsPostgresError()
        let opening = phase == .notBegun ? [Command(begin)] : []
        enter(.committing)
        let results: [QueryResult]
        do {
            results = try await session.pipeline(opening + commands + [Command(Transaction.commit)])
        } catch {
            switch error.code {
            case .connectionLost: throw PostgresError(.commitOutcomeUnknown, "the connection broke while COMMIT was under way")
            case .cancelled: throw PostgresError(.commitOutcomeUnknown, "the task was cancelled while COMMIT was under way")
            default: throw error
            }
        }
        enter(.ended)
        guard results.last?.commandTag == "COMMIT" else {
            throw PostgresError(.server, "the transaction had failed before and was rolled back", sqlState: "25P02")
        }
        return Array(results.dropFirst(opening.count).dropLast())
    }

    /// Commits unless that was done; a transaction that sent nothing has nothing to commit.
    func commitIfOpen() async throws(PostgresError) {
        switch phase {
        case .notBegun, .ended: return
        case .begun: _ = try await finish(with: [])
        case .committing: preconditionFailure("a failed commit must not be passed over in silence")
        }
    }

    /// Rolls back what is open; a connection on which that fails is not used again.
    func rollBackIfOpen() async {
        guard phase != .notBegun, phase != .ended, session.isUsable else { return }
        enter(.ended)
        do {
            _ = try await session.execute(Transaction.rollback)
        } catch {
            session.spoil()
        }
    }
}

/// How far transactions are kept apart.
package enum TransactionIsolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}
