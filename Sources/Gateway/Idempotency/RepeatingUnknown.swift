import PostgreSQL

/// Makes a commit again whose answer was lost; what it had written is then found under its key.
func repeatingUnknown<Value: Sendable>(_ write: () async throws -> Value) async throws -> Value {
    do {
        return try await write()
    } catch let error as PostgresError where error.code == .commitOutcomeUnknown {
        return try await write()
    }
}
