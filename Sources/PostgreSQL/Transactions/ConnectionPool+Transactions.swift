extension ConnectionPool {
    /// Runs `body` in a transaction, from its beginning again when the server says that it may succeed then.
    ///
    /// Serialization failures and deadlocks are repeated always, lost connections only while COMMIT was not sent. `body` must be a
    /// function of its inputs, without effects outside the transaction.
    ///
    /// - Throws: `PostgresError`, and whatever `body` throws after a rollback.
    package func transaction<Value: Sendable>(
        isolation: TransactionIsolation = .readCommitted,
        readOnly: Bool = false,
        retryLimit: Int = 10,
        _ body: @Sendable (Transaction) async throws -> Value
    ) async throws -> Value {
        let begin = Statement(
            "transaction_begin_\(isolation.rawValue)_\(readOnly)",
            "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(readOnly ? " READ ONLY" : "")"
        )
        for attempt in 0... {
            do {
                return try await withSession { session in
                    try await ConnectionPool.run(body, in: Transaction(session: session, begin: begin))
                }
            } catch let error as PostgresError where error.isRetryable && error.code != .poolExhausted && attempt < retryLimit {
                // A refusal of COMMIT by the server is certain; a lost answer is `commitOutcomeUnknown` and not retryable.
                try? await Task.sleep(for: ConnectionPool.pause(before: attempt + 1))
            }
        }
        preconditionFailure("the attempts have no end but success or an error")
    }

    private static func run<Value: Sendable>(
        _ body: @Sendable (Transaction) async throws -> Value,
        in transaction: Transaction
    ) async throws -> Value {
        do {
            let value = try await body(transaction)
            try await transaction.commitIfOpen()
            return value
        } catch {
            await transaction.rollBackIfOpen()
            throw error
        }
    }

    /// From 2 ms, doubling up to 256 ms, by chance between half and whole.
    static func pause(before attempt: Int) -> Duration {
        let milliseconds = 1 << min(attempt, 8)
        return .microseconds(Int.random(in: milliseconds * 500...milliseconds * 1000))
    }
}
