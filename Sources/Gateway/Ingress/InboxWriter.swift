package import Logging
import Payments
package import PostgreSQL
package import Storage

/// Writes batches of verified webhooks into the inbox, one commit for each batch.
package struct InboxWriter: Sendable {
    private let pool: ConnectionPool
    private let processing: WorkSignal
    private let logger: Logger

    /// Writes through `pool` and wakes `processing` for new events.
    package init(pool: ConnectionPool, processing: WorkSignal, logger: Logger) {
        self.pool = pool
        self.processing = processing
        self.logger = logger
    }

    /// A batcher that writes through this writer.
    package func batcher() -> Batcher<InboxEvent, Bool> {
        Batcher(limits: BatcherLimits(batch: 500, queue: 10_000, waitMax: .milliseconds(700), writers: 2)) { events in
            await write(events)
        }
    }

    /// Stores events and tells for each whether it was new; a duplicate counts as stored.
    private func write(_ events: [InboxEvent]) async -> [Result<Bool, any Error>] {
        do {
            let command = InboxStore.insert(InboxWriter.unique(events))
            let result = try await pool.execute(command.statement, command.parameters)
            let inserted = try InboxStore.decodeInserted(result)
            if !inserted.isEmpty { processing.raise() }
            return events.map { .success(inserted.contains($0.id)) }
        } catch {
            logger.error("webhooks could not be stored", metadata: ["count": "\(events.count)", "error": "\(error)"])
            return events.map { _ in .failure(error) }
        }
    }

    /// One statement cannot insert a key twice, so a duplicate within the batch is dropped; the first of each key is kept.
    private static func unique(_ events: [InboxEvent]) -> [InboxEvent] {
        var seen: Set<InboxKey> = []
        return events.filter { seen.insert(InboxKey(provider: $0.provider, eventID: $0.eventID)).inserted }
    }

    private struct InboxKey: Hashable {
        let provider: ProviderName
        let eventID: String
    }
}
