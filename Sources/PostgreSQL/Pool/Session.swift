import Synchronization

/// A connection that is lent to one task.
package final class Session: Sendable {
    let id: ConnectionID
    private let loop: EventLoop
    private let shortage: Shortage
    private let connection = Mutex(OperationOutcome.Connection.idle)

    init(id: ConnectionID, loop: EventLoop, shortage: Shortage) {
        self.id = id
        self.loop = loop
        self.shortage = shortage
    }

    /// Whether the connection takes further commands.
    var isUsable: Bool { connection.withLock { $0 != .unusable } }

    /// Whether the connection may be lent again: it is usable, and no transaction is open.
    var isClean: Bool { connection.withLock { $0 == .idle } }

    /// From now on the connection is not used again.
    func spoil() {
        connection.withLock { $0 = .unusable }
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

    /// Runs commands in one round trip; outside a transaction they take effect together or not at all.
    ///
    /// - Throws: `PostgresError` of the first that failed.
    package func pipeline(_ commands: [Command]) async throws(PostgresError) -> [QueryResult] {
        guard !commands.isEmpty else { return [] }
        return try await run(.pipeline(commands.map(EncodedCommand.init)))
    }

    /// Runs a text of several statements without values, for set-up and migrations.
    ///
    /// - Throws: `PostgresError` of the first that failed.
    package func executeScript(_ sql: String) async throws(PostgresError) -> [QueryResult] {
        try await run(.script(sql))
    }

    func makeCopyStream() -> CopyStream {
        CopyStream { [loop, id] in loop.resume(id) }
    }

    func run(copying sql: String, into stream: CopyStream) async throws(PostgresError) {
        _ = try await run(.copyOut(sql, stream))
    }

    private func run(_ kind: Operation.Kind) async throws(PostgresError) -> [QueryResult] {
        try Task.checkCancellationAsPostgresError()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<OperationOutcome, Never>) in
                loop.run(Operation(kind: kind) { continuation.resume(returning: $0) }, on: id)
                // A cancellation from before the run has met an idle connection, which had nothing to give up.
                if !isUsable { loop.abandon(id) }
            }
        } onCancel: {
            spoil()
            loop.abandon(id)
        }
        connection.withLock { connection in
            if connection != .unusable { connection = outcome.connection }
        }
        if case .failure(let error) = outcome.result, error.isShortage { shortage.noteNow() }
        return try outcome.result.get()
    }
}
