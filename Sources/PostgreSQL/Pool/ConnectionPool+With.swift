extension ConnectionPool {
    /// Makes a pool for `body` and keeps it in order meanwhile.
    ///
    /// A pool that nobody runs does not repeat a failed opening and lets requests wait without end.
    ///
    /// - Throws: what `body` throws.
    package static func with<Value: Sendable>(
        _ configuration: Configuration,
        _ body: (ConnectionPool) async throws -> Value
    ) async throws -> Value {
        let pool = ConnectionPool(configuration: configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            defer { group.cancelAll() }
            return try await body(pool)
        }
    }
}
