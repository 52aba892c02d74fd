package import Logging
import Payments
package import PostgreSQL
import Storage

/// A verified webhook on its way into the inbox.
package struct ReceivedEvent: Sendable {
    let event: InboxEvent
    /// What it says, for the processor.
    let reading: EventReading
}

/// Writes batches of verified webhooks into the inbox, one commit for each batch.
package struct InboxWriter: Sendable {
    private let pool: ConnectionPool
    private let fresh: FreshEvents
    private let processing: WorkSignal
    private let logger: Logger

    /// Writes through `pool`, hands new events over to `fresh`, and wakes `processing`.
    package init(pool: ConnectionPool, fresh: FreshEvents, processing: WorkSignal, logger: Logger) {
        self.pool = pool
        self.fresh = fresh
        self.processing = processing
        self.logger = logger
    }

    /// A batcher that writes through this writer.
    package func batcher() -> Batcher<ReceivedEvent, Bool> {
        let limits = BatcherLimits(
            batch: 500,
            queue: 10_000,
            waitMax: .milliseconds(700),
            writers: 2,
            batchMinOfFurtherWriters: 24
        )
        return Batcher(limits: limits) { events in await write(events) }
    }

    /// Stores events and tells for each whether it was new; a duplicate counts as stored.
    private func write(_ received: [ReceivedEvent]) async -> [Result<Bool, any Error>] {
        let events = received.map(\.event)
        do {
            let command = InboxStore.insert(InboxWriter.unique(events))
            let inserted = try InboxStore.decodeInserted(try await pool.execute(command.statement, command.parameters))
            if !inserted.isEmpty {
                fresh.add(received.filter { inserted.contains($0.event.id) }.map(ReadEvent.init))
                processing.raise()
            }
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
