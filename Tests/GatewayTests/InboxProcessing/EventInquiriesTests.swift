import Logging
import OutboundHTTP
import Payments
import PostgreSQL
import Providers
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("Events whose objects are asked for")
struct EventInquiriesTests {
    private static let surroundings = Surroundings.system

    /// A provider whose events only name an object, with answers that the test chooses.
    private final class Hinting: InquiringProvider {
        let name = ProviderName("hinting")
        let profile = ProviderProfile(name: ProviderName("hinting"), methods: [:])
        let holdsPayments = false
        private let answers = Mutex<[ProviderOutcome]>([])
        private let askedObjects = Mutex<[String]>([])

        init(_ answers: [ProviderOutcome]) {
            self.answers.withLock { $0 = answers }
        }

        /// The ids of what was asked for.
        var asked: [String] { askedObjects.withLock { $0 } }

        func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) -> WebhookVerdict { .refused(.signatureMissing) }

        func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation {
            .needsFetch(EventObject(subject: .unknown, kind: "thing", id: webhook.eventID))
        }

        func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement {
            WebhookAcknowledgement(contentType: "text/plain", body: [])
        }

        func begin(_ charge: Charge, random: inout any RandomNumberGenerator) -> ChargeBeginning { .call }

        func perform(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
            .notDone(reason: "nothing is done here", retryAfter: nil)
        }

        func inquire(_ object: EventObject, for charge: Charge?, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
            askedObjects.withLock { $0.append(object.id) }
            return answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first } ?? .facts([])
        }
    }

    private static func money(_ transaction: String) -> PaymentFact {
        PaymentFact(
            provider: ProviderName("hinting"),
            subject: .unknown,
            kind: .captured(PaymentFact.Capture(amount: Amount(minorUnits: 500, asset: .usd), transaction: transaction)),
            occurredAt: surroundings.now()
        )
    }

    private static func event(_ id: String) -> InboxEvent {
        InboxEvent(
            id: surroundings.identifier(),
            provider: ProviderName("hinting"),
            eventID: id,
            eventType: "thing.changed",
            headers: [],
            body: Array("{}".utf8),
            receivedAt: surroundings.now()
        )
    }

    /// Stores the events, processes them with the answers given, and looks at them when `isOver` says so.
    private static func process(
        _ events: [InboxEvent],
        answers: [ProviderOutcome],
        until isOver: @escaping @Sendable (Hinting, ConnectionPool) async throws -> Bool,
        then look: @escaping @Sendable (Hinting, ConnectionPool) async throws -> Void
    ) async throws {
        try await TestDatabase.migrated().withPool { pool in
            let provider = Hinting(answers)
            let registry = ProviderRegistry([provider])
            let logger = Logger(label: "test")
            let fresh = FreshEvents()
            let work = WorkSignal()
            let committer = FactCommitter(ledger: Ledger(pool: pool), surroundings: surroundings, delivery: WorkSignal())
            let breakers = ProviderBreakers(logger: logger, now: surroundings.now)
            let gate = ProviderGate(client: HTTPClient(), breakers: breakers)
            let inquiries = EventInquiries(committer: committer, providers: registry, gate: gate, logger: logger)
            let inbox = InboxWriter(pool: pool, fresh: fresh, processing: work, logger: logger).batcher()
            let processor = InboxProcessor(
                committer: committer,
                providers: registry,
                fresh: fresh,
                work: work,
                precedence: IngressPrecedence(over: inbox, fresh: fresh, surroundings: surroundings),
                inquiries: inquiries,
                logger: logger
            )
            let command = InboxStore.insert(events)
            _ = try await pool.execute(command.statement, command.parameters)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await processor.run() }
                group.addTask { await inquiries.run() }
                let isDone = try await waitUntil(.seconds(90)) { try await isOver(provider, pool) }
                #expect(isDone)
                try await look(provider, pool)
                group.cancelAll()
            }
        }
    }

    private static func status(_ event: InboxEvent, _ pool: ConnectionPool) async throws -> InboxStatus? {
        try await WebhookEventReads.event(event.id, on: pool)?.status
    }

    @Test("the answer's facts are booked, once however many events tell of them, and the events are processed", .timeLimit(.minutes(10)))
    func facts() async throws {
        let events = (0..<20).map { Self.event("evt_\($0)") }
        try await Self.process(events, answers: [.facts([Self.money("t-1")])]) { _, pool in
            for event in events where try await Self.status(event, pool) == .received { return false }
            return true
        } then: { provider, pool in
            for event in events {
                let status = try await Self.status(event, pool)
                #expect(status == .processed)
            }
            #expect(Set(provider.asked) == Set(events.map(\.eventID)))
            let suspense = try await LedgerReads.trialBalance(on: pool).accounts.first { $0.account.name.text == "suspense:hinting:USD" }
            #expect(suspense?.sides.creditsPosted == 500)
        }
    }

    @Test("an open outcome is asked for again, and until then nothing is booked", .timeLimit(.minutes(10)))
    func again() async throws {
        let event = Self.event("evt_1")
        let answers: [ProviderOutcome] = [
            .unknown(reason: "timed out", retryAfter: nil), .notDone(reason: "busy", retryAfter: nil), .facts([]),
        ]
        try await Self.process([event], answers: answers) { _, pool in
            try await Self.status(event, pool) != .received
        } then: { provider, pool in
            let status = try await Self.status(event, pool)
            #expect(status == .processed && provider.asked.count == 3)
        }
    }

    @Test("an object that the provider does not know sets the event aside", .timeLimit(.minutes(10)))
    func refused() async throws {
        let event = Self.event("evt_1")
        let reason = ChargeFailure(code: "provider_refused", message: "No such thing.", providerCode: "NOT_FOUND", isRetryable: false)
        try await Self.process([event], answers: [.refused(reason: reason)]) { _, pool in
            try await Self.status(event, pool) != .received
        } then: { _, pool in
            let read = try await WebhookEventReads.event(event.id, on: pool)
            #expect(read?.status == .failed && read?.detail == "No such thing. (NOT_FOUND)")
        }
    }
}
