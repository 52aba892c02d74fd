import Payments
import PostgreSQL
import Storage

/// The answers that are kept under idempotency keys.
struct KeptAnswers: Sendable {
    let pool: ConnectionPool

    /// What a request gets whose key may have been used; nil when it was not.
    func earlier(_ request: IdempotentRequest) async throws -> IdempotentOutcome? {
        guard let record = try await record(of: request) else { return nil }
        guard record.fingerprint == request.fingerprint else { return .keyReused }
        guard let answer = record.answer else { return .running }
        return .replayed(answer)
    }

    /// What a request gets whose key was used.
    ///
    /// - Throws: `IntentError.keyVanished` when it is not there after all.
    func outcome(of request: IdempotentRequest) async throws -> IdempotentOutcome {
        guard let outcome = try await earlier(request) else { throw IntentError.keyVanished }
        return outcome
    }

    /// What is kept under a key.
    func record(of request: IdempotentRequest) async throws -> IdempotencyRecord? {
        let command = IdempotencyStore.find(caller: request.caller, key: request.key)
        return try IdempotencyStore.decode(try await pool.execute(command.statement, command.parameters)).first
    }
}

extension IdempotentRequest {
    /// The row that keeps the key, with the charge and the provider call that the request is about, and the answer where there is one.
    func record(
        chargeID: ChargeID? = nil,
        operation: String? = nil,
        answer: KeptAnswer? = nil,
        at now: Timestamp
    ) -> IdempotencyRecord {
        IdempotencyRecord(
            caller: caller,
            key: key,
            fingerprint: fingerprint,
            chargeID: chargeID,
            operation: operation,
            answer: answer,
            createdAt: now
        )
    }
}
