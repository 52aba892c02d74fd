package import Logging
import Payments
package import Providers
import PostgreSQL
import Storage

/// Asks providers about events that only point at something, and commits what they answer.
///
/// An event that waits for an answer stays in the inbox's queue, put off for as long as an inquiry can take: whoever processes the inbox
/// after a crash finds it and asks again. Facts book once by their cause, so asking twice does no harm.
package struct EventInquiries: Sendable {
    private let committer: FactCommitter
    private let providers: ProviderRegistry
    private let gate: ProviderGate
    private let logger: Logger
    private let work = BoundedWork<ReadEvent>(waitingMax: 10_000, concurrentMax: 16)

    /// Longer than all requests of one inquiry together can take.
    private static let claimDuration = Duration.seconds(75)
    /// Some three days, for waits grow to ten minutes.
    private static let attemptsMax = 450

    /// Asks through `gate` and commits through `committer`.
    package init(committer: FactCommitter, providers: ProviderRegistry, gate: ProviderGate, logger: Logger) {
        self.committer = committer
        self.providers = providers
        self.gate = gate
        self.logger = logger
    }

    /// Works until shutdown, and then on what has been taken before.
    package func run() async {
        await work.run { event in await settle(event) }
    }

    /// The commands that keep those of the events for an inquiry, in the transaction that has taken them from the queue.
    static func claims(of events: [ReadEvent], at now: Timestamp) -> [Command] {
        let waiting = events.filter { $0.reading.inquiry != nil }.map { (id: $0.id, attempts: $0.attempts + 1) }
        guard !waiting.isEmpty else { return [] }
        return [InboxStore.putOff(waiting, until: now.advanced(by: claimDuration), detail: "the provider is asked")]
    }

    /// Takes those of the events that need an inquiry; one without a place is found again in the inbox.
    func add(_ events: [ReadEvent]) {
        for event in events where event.reading.inquiry != nil { _ = work.add(event) }
    }

    private func settle(_ event: ReadEvent) async {
        guard let object = event.reading.inquiry, let provider = providers[event.provider] as? any InquiringProvider else { return }
        do {
            let charge = try await charge(named: object.subject, provider: event.provider)
            let now = committer.surroundings.now()
            let outcome = await provider.inquire(object, for: charge, at: now, send: gate.send(to: event.provider))
            try await commit(outcome, of: event)
        } catch {
            logger.error("an event could not be settled", metadata: ["event": "\(event.id)", "error": "\(error)"])
        }
    }

    private func charge(named subject: PaymentFact.Subject, provider: ProviderName) async throws -> Charge? {
        let command: Command
        switch subject {
        case .charge(let id): command = ChargeStore.find(ids: [id])
        case .reference(let text): command = ChargeStore.find(references: [(provider, text)])
        case .amount, .unknown: return nil
        }
        let found = try ChargeStore.decode(try await committer.pool.execute(command.statement, command.parameters)).first
        return found.flatMap { $0.provider == provider ? $0 : nil }
    }

    /// Writes the outcome while the event is still in the queue; another process may have settled it in the meantime.
    private func commit(_ outcome: ProviderOutcome, of event: ReadEvent) async throws {
        let facts = if case .facts(let facts) = outcome { facts } else { [PaymentFact]() }
        let done = try await committer.commit { transaction -> FactCommitter.Work<Void>? in
            let claimed = try InboxStore.decodeClaimedIDs(try await transaction.execute(InboxStore.claim([event.id])))
            return claimed.isEmpty ? nil : FactCommitter.Work(facts: facts, context: ())
        } write: { decided, _ in
            [closing(event, outcome, decided)]
        }
        guard let done else { return }
        for effect in done.outcome.effects { ProcessingCounters.count(effect.effect) }
        count(event, outcome)
    }

    private func closing(_ event: ReadEvent, _ outcome: ProviderOutcome, _ decided: FactBatch.Outcome) -> Command {
        let now = committer.surroundings.now()
        let attempts = event.attempts + 1
        switch outcome {
        case .facts:
            return InboxStore.markProcessed([InboxProcessor.mark(event, attempts: attempts, effects: decided.effects[...])], at: now)
        case .refused(let reason):
            let detail = reason.providerCode.map { "\(reason.message) (\($0))" } ?? reason.message
            return InboxStore.markProcessed([failed(event, attempts, detail)], at: now)
        case .open(let wait):
            let detail = "nothing has happened yet"
            return InboxStore.reschedule(event.id, nextAttemptAt: now.advanced(by: wait), attempts: attempts, detail: detail)
        case .unknown(let reason, let retryAfter), .notDone(let reason, let retryAfter):
            guard attempts < EventInquiries.attemptsMax else { return InboxStore.markProcessed([failed(event, attempts, reason)], at: now) }
            var random = SystemRandomNumberGenerator()
            let delay = ProviderCallSchedule.delay(afterAttempts: attempts, asked: retryAfter, random: &random)
            return InboxStore.reschedule(event.id, nextAttemptAt: now.advanced(by: delay), attempts: attempts, detail: reason)
        }
    }

    private func failed(_ event: ReadEvent, _ attempts: Int, _ detail: String) -> InboxMark {
        InboxMark(id: event.id, status: .failed, attempts: attempts, detail: detail, chargeID: nil)
    }

    private func count(_ event: ReadEvent, _ outcome: ProviderOutcome) {
        switch outcome {
        case .facts: ProcessingCounters.count(1, event.provider, .processed)
        case .refused: ProcessingCounters.count(1, event.provider, .failed)
        case .open: break
        case .unknown(let reason, _), .notDone(let reason, _):
            logger.warning(
                "an event waits for its provider",
                metadata: ["provider": "\(event.provider)", "event": "\(event.id)", "reason": "\(reason)"]
            )
        }
    }
}
