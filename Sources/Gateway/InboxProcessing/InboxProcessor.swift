package import Logging
import Metrics
import Payments
package import Providers
import PostgreSQL
import Storage

/// Takes stored webhooks in batches, reads what they say, and commits what follows.
///
/// The rows are claimed by locks that skip what another process holds, inside the transaction that also writes the outcome, so a crash
/// leaves an event exactly as it was.
package struct InboxProcessor: Sendable {
    private let committer: FactCommitter
    private let providers: ProviderRegistry
    private let work: WorkSignal
    private let precedence: IngressPrecedence
    private let logger: Logger

    private static let batchMax = 500
    private static let pollInterval = Duration.milliseconds(500)
    private static let attemptsMax = 10

    /// Processes through `committer` when `work` is raised, and now and then by itself.
    package init(
        committer: FactCommitter,
        providers: ProviderRegistry,
        work: WorkSignal,
        precedence: IngressPrecedence,
        logger: Logger
    ) {
        self.precedence = precedence
        self.committer = committer
        self.providers = providers
        self.work = work
        self.logger = logger
    }

    /// Works until shutdown; a batch in hand is finished.
    package func run() async {
        var size = BatchSize(maximum: InboxProcessor.batchMax)
        while !Shutdown.isRequested {
            await precedence.give()
            let taken = await processAvailable(&size)
            if taken == 0 { await work.wait(atMost: InboxProcessor.pollInterval) }
        }
    }

    /// Processes one batch and tells how many events it took; zero after a failure, so that the next try waits a little.
    private func processAvailable(_ size: inout BatchSize) async -> Int {
        do {
            let taken = try await process(limit: size.current)
            size.grow()
            return taken
        } catch {
            size.shrink()
            logger.error("a batch of webhooks failed", metadata: ["error": "\(error)"])
            guard !InboxProcessor.isOutage(error) else { return 0 }
            return await processSingly()
        }
    }

    /// After a batch failed for a reason of its own, its events go one by one, and the one that fails is set aside for a while.
    private func processSingly() async -> Int {
        var taken = 0
        while !Shutdown.isRequested, taken < InboxProcessor.batchMax {
            do {
                guard try await process(limit: 1) > 0 else { return taken }
            } catch {
                guard !InboxProcessor.isOutage(error), await setAsideFirst(because: error) else { return 0 }
            }
            taken += 1
        }
        return taken
    }

    private static func isOutage(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError else { return false }
        return error.isRetryable
    }

    private func process(limit: Int) async throws -> Int {
        let now = committer.surroundings.now()
        let done = try await committer.commit { transaction -> FactCommitter.Work<[ReadEvent]>? in
            let result = try await transaction.execute(InboxStore.claim(now: now, limit: limit))
            let events = try InboxStore.decodeClaimed(result).map { read($0.event) }
            guard !events.isEmpty else { return nil }
            return FactCommitter.Work(facts: events.flatMap(\.facts), context: events)
        } write: { outcome, events in
            [InboxStore.markProcessed(InboxProcessor.marks(for: events, outcome), at: now)]
        }
        guard let done else { return 0 }
        count(done.context)
        for effect in done.outcome.effects { count(effect.effect) }
        return done.context.count
    }

    private struct ReadEvent: Sendable {
        let event: InboxEvent
        let facts: [PaymentFact]
        let status: InboxStatus
        let detail: String?
    }

    private func read(_ event: InboxEvent) -> ReadEvent {
        guard let provider = providers[event.provider] else {
            return ReadEvent(event: event, facts: [], status: .failed, detail: "provider is not set up")
        }
        let webhook = VerifiedWebhook(
            verifiedBy: event.provider,
            eventID: event.eventID,
            eventType: event.eventType,
            body: event.body
        )
        do {
            switch try provider.interpret(webhook) {
            case .facts(let facts): return ReadEvent(event: event, facts: facts, status: .processed, detail: nil)
            case .ignored(let reason): return ReadEvent(event: event, facts: [], status: .ignored, detail: reason)
            }
        } catch {
            return ReadEvent(event: event, facts: [], status: .failed, detail: error.description)
        }
    }

    private static func marks(for events: [ReadEvent], _ outcome: FactBatch.Outcome) -> [InboxMark] {
        var effects = outcome.effects[...]
        return events.map { event in
            let own = effects.prefix(event.facts.count)
            effects = effects.dropFirst(event.facts.count)
            let chargeID = own.compactMap(\.chargeID).first
            let detail = event.detail ?? own.map { describe($0.effect) }.first
            return InboxMark(id: event.event.id, status: event.status, detail: detail, chargeID: chargeID)
        }
    }

    private static func describe(_ effect: Decision.Effect) -> String {
        switch effect {
        case .applied: "applied"
        case .alreadyKnown: "already known"
        case .suspended(let reason): "suspense: \(reason.rawValue)"
        }
    }

    /// Puts the oldest event off, so that it does not stop those behind it; after many tries it is left for operators.
    private func setAsideFirst(because error: any Error) async -> Bool {
        let now = committer.surroundings.now()
        do {
            try await committer.pool.transaction { transaction in
                let result = try await transaction.execute(InboxStore.claim(now: now, limit: 1))
                guard let first = try InboxStore.decodeClaimed(result).first else { return }
                let command =
                    first.attempts + 1 >= InboxProcessor.attemptsMax
                    ? InboxStore.markProcessed([InboxMark(id: first.event.id, status: .failed, detail: "\(error)", chargeID: nil)], at: now)
                    : InboxStore.reschedule(
                        first.event.id,
                        nextAttemptAt: now.advanced(by: .seconds(1 << first.attempts)),
                        detail: "\(error)"
                    )
                _ = try await transaction.finish(with: [command])
            }
            return true
        } catch {
            logger.error("a failing webhook could not be set aside", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func count(_ events: [ReadEvent]) {
        for (provider, own) in Dictionary(grouping: events, by: \.event.provider) {
            for (status, events) in Dictionary(grouping: own, by: \.status) {
                let dimensions = [("provider", provider.text), ("outcome", status.rawValue)]
                Counter(label: "truvapay_webhooks_processed_total", dimensions: dimensions).increment(by: events.count)
            }
        }
    }

    private func count(_ effect: Decision.Effect) {
        guard case .suspended(let reason) = effect else { return }
        Counter(label: "truvapay_payments_suspended_total", dimensions: [("reason", reason.rawValue)]).increment()
    }
}
