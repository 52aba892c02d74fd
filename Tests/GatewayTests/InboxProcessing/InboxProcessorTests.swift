import Cryptography
import Logging
import OutboundHTTP
import Payments
import PostgreSQL
import Providers
import Storage
import TestSupport
import Testing

@testable import Gateway

@Suite("Processing from memory and from the inbox")
struct InboxProcessorTests {
    private static let surroundings = Surroundings.system
    private static let stripe = StripeProvider(
        profile: ProviderProfile(name: .stripe, methods: [:]),
        secretKey: SecretText("sk_test_x"),
        webhookSecrets: [],
        apiBase: "http://127.0.0.1:1"
    )

    /// Its row says something that cannot be read; in memory it says something that is ignored: so the outcome tells where it came from.
    private static func received(_ eventID: String) -> ReceivedEvent {
        let event = InboxEvent(
            id: surroundings.identifier(),
            provider: .stripe,
            eventID: eventID,
            eventType: "payment_intent.succeeded",
            headers: [],
            body: Array("{}".utf8),
            receivedAt: surroundings.now()
        )
        let webhook = VerifiedWebhook(verifiedBy: .stripe, eventID: eventID, eventType: "unheard.of", body: event.body)
        return ReceivedEvent(event: event, reading: EventReading(of: webhook, by: stripe))
    }

    private struct Parts {
        let pool: ConnectionPool
        let fresh = FreshEvents()
        let work = WorkSignal()

        func store(_ events: [ReceivedEvent]) async throws {
            let command = InboxStore.insert(events.map(\.event))
            _ = try await pool.execute(command.statement, command.parameters)
        }

        func status(_ event: ReceivedEvent) async throws -> InboxStatus? {
            try await WebhookEventReads.event(event.event.id, on: pool)?.status
        }

        func waitUntilProcessed(_ events: [ReceivedEvent]) async throws {
            for event in events {
                while try await status(event) == .received { try await Task.sleep(for: .milliseconds(5)) }
            }
        }
    }

    private static func withProcessor(_ body: @escaping @Sendable (Parts) async throws -> Void) async throws {
        try await TestDatabase.migrated().withPool { pool in
            let parts = Parts(pool: pool)
            let logger = Logger(label: "test")
            let inbox = InboxWriter(pool: pool, fresh: parts.fresh, processing: parts.work, logger: logger).batcher()
            let committer = FactCommitter(ledger: Ledger(pool: pool), surroundings: surroundings, delivery: WorkSignal())
            let registry = ProviderRegistry([stripe])
            let processor = InboxProcessor(
                committer: committer,
                providers: registry,
                fresh: parts.fresh,
                work: parts.work,
                precedence: IngressPrecedence(over: inbox, fresh: parts.fresh, surroundings: surroundings),
                inquiries: EventInquiries(
                    committer: committer,
                    providers: registry,
                    gate: ProviderGate(
                        client: HTTPClient(),
                        breakers: ProviderBreakers(logger: logger, now: surroundings.now)
                    ),
                    logger: logger
                ),
                logger: logger
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await processor.run() }
                try await body(parts)
                group.cancelAll()
            }
        }
    }

    @Test("what is in memory is processed from there", .timeLimit(.minutes(10)))
    func memory() async throws {
        try await Self.withProcessor { parts in
            // A look into the inbox may come between the row and the memory; not five times.
            for round in 0..<5 {
                let events = (0..<20).map { Self.received("evt_\(round)_\($0)") }
                try await parts.store(events)
                parts.fresh.add(events.map(ReadEvent.init))
                parts.work.raise()
                try await parts.waitUntilProcessed(events)
                var statuses: Set<InboxStatus?> = []
                for event in events { statuses.insert(try await parts.status(event)) }
                if statuses == [.ignored] { return }
            }
            Issue.record("no round was processed from memory")
        }
    }

    @Test("what is in no memory is found in the inbox", .timeLimit(.minutes(10)))
    func inbox() async throws {
        try await Self.withProcessor { parts in
            let event = Self.received("evt_1")
            try await parts.store([event])
            try await parts.waitUntilProcessed([event])
            #expect(try await parts.status(event) == .failed)
        }
    }

    @Test("what another gateway has processed meanwhile is not processed again", .timeLimit(.minutes(10)))
    func taken() async throws {
        try await Self.withProcessor { parts in
            let (first, second) = (Self.received("evt_1"), Self.received("evt_2"))
            try await parts.store([first])
            try await parts.waitUntilProcessed([first])
            parts.fresh.add([ReadEvent(first), ReadEvent(second)])
            try await parts.store([second])
            parts.work.raise()
            try await parts.waitUntilProcessed([second])
            #expect(try await parts.status(first) == .failed)
            #expect(try await WebhookEventReads.event(first.event.id, on: parts.pool)?.attempts == 1)
        }
    }

    @Test("memory keeps the order, gives so many at a time, and leaves to the inbox what it has no room for")
    func bounds() {
        let fresh = FreshEvents(countMax: 5)
        let events = (0..<7).map { ReadEvent(Self.received("evt_\($0)")) }
        fresh.add(Array(events[0..<3]))
        fresh.add(Array(events[3..<7]))
        #expect(fresh.count == 5)
        #expect(fresh.oldestReceivedAt == events[0].receivedAt)
        #expect(fresh.take(2).map(\.id) == events[0..<2].map(\.id))
        fresh.add([events[5]])
        #expect(fresh.take(10).map(\.id) == events[2..<6].map(\.id))
        #expect(fresh.take(10).isEmpty)
        #expect(fresh.oldestReceivedAt == nil)
    }
}
