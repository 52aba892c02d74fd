package import Logging
import Payments
package import PostgreSQL
import Storage

/// Writes batches of charge intents: the idempotency keys first, then everything of those whose key was new, in one commit.
package struct IntentWriter: Sendable {
    private let pool: ConnectionPool
    private let surroundings: Surroundings
    private let delivery: WorkSignal
    private let logger: Logger

    /// Writes through `pool` and wakes `delivery` when there is something to tell.
    package init(pool: ConnectionPool, surroundings: Surroundings, delivery: WorkSignal, logger: Logger) {
        self.pool = pool
        self.surroundings = surroundings
        self.delivery = delivery
        self.logger = logger
    }

    /// A batcher that writes through this writer.
    package func batcher() -> Batcher<ChargeIntent, IntentResult> {
        Batcher(limits: BatcherLimits(batch: 200, queue: 4_000, waitMax: .milliseconds(900), writers: 2)) { intents in
            await write(intents)
        }
    }

    private func write(_ intents: [ChargeIntent]) async -> [Result<IntentResult, any Error>] {
        do {
            let results = try await commitCertainly(intents)
            if intents.contains(where: { !$0.notifications.isEmpty }) { delivery.raise() }
            return results.map { .success($0) }
        } catch {
            logger.error("charges could not be stored", metadata: ["count": "\(intents.count)", "error": "\(error)"])
            return intents.map { _ in .failure(error) }
        }
    }

    /// Repeats a commit whose answer was lost: what it had written is then found under its own keys.
    private func commitCertainly(_ intents: [ChargeIntent]) async throws -> [IntentResult] {
        do {
            return try await commit(intents)
        } catch let error as PostgresError where error.code == .commitOutcomeUnknown {
            return try await commit(intents)
        }
    }

    private struct Key: Hashable {
        let caller: APIKeyID
        let text: String
    }

    /// Of several intents with one key only the first is written; the others find it as existing.
    private func commit(_ intents: [ChargeIntent]) async throws -> [IntentResult] {
        var seen: Set<Key> = []
        let isFirst = intents.map { seen.insert(Key(caller: $0.idempotency.caller, text: $0.idempotency.key)).inserted }
        let candidates = zip(intents, isFirst).filter(\.1).map(\.0)
        let now = surroundings.now()
        let created = try await pool.transaction { transaction -> Set<Key> in
            let begun = try await transaction.execute(
                IdempotencyStore.begin(candidates.map { $0.idempotency.record(chargeID: $0.charge.id, answer: $0.answer, at: now) })
            )
            let new = Set(try IdempotencyStore.decodeBegun(begun).map { Key(caller: $0.caller, text: $0.key) })
            let written = candidates.filter { new.contains(Key(caller: $0.idempotency.caller, text: $0.idempotency.key)) }
            _ = try await transaction.finish(with: commands(for: written, at: now))
            return new
        }
        var results: [IntentResult] = []
        for (intent, isFirst) in zip(intents, isFirst) {
            if isFirst, created.contains(Key(caller: intent.idempotency.caller, text: intent.idempotency.key)) {
                results.append(.created)
            } else {
                let record = try await existing(intent.idempotency)
                results.append(record.chargeID == intent.charge.id ? .created : .existing(record))
            }
        }
        return results
    }

    private func commands(for intents: [ChargeIntent], at now: Timestamp) -> [Command] {
        guard !intents.isEmpty else { return [] }
        var commands = ChargeStore.insert(intents.map(\.charge))
        let calls = intents.flatMap { [$0.call, $0.look].compactMap { $0 } }
        if !calls.isEmpty { commands.append(ProviderCallStore.insert(calls, at: now)) }
        // What is answered and what is told show the same charge.
        let notifications = intents.flatMap { intent in intent.notifications.map { ($0, intent.answer?.body) } }
        return commands + NotificationWriting.commands(notifications, surroundings: surroundings)
    }

    private func existing(_ request: IdempotentRequest) async throws -> IdempotencyRecord {
        let command = IdempotencyStore.find(caller: request.caller, key: request.key)
        let result = try await pool.execute(command.statement, command.parameters)
        guard let record = try IdempotencyStore.decode(result).first else { throw IntentError.keyVanished }
        return record
    }
}

/// Why an intent could not be stored.
package enum IntentError: String, Error, Sendable {
    /// The row that stood in the way was gone when it was read; the caller may try again.
    case keyVanished = "idempotency_key_vanished"
}
