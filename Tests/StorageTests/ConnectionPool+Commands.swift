import PostgreSQL
import Storage

extension ConnectionPool {
    /// Runs one command outside a transaction.
    func run(_ command: Command) async throws -> QueryResult {
        try await execute(command.statement, command.parameters)
    }
}
