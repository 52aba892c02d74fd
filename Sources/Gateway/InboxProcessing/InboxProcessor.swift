package import Logging
import Payments
package import Providers
import PostgreSQL
import Storage

/// Takes stored webhooks in batches and commits what follows from what they say.
///
/// What this gateway has stored itself comes from its memory. Everything else is found in the inbox: what other gateways left behind, what
/// was put off or is to be replayed, and what had no place in memory. Either way the rows are claimed by locks, inside the transaction
/// that also writes the outcome, so a crash leaves an event exactly as it was.
package struct InboxProcessor: Sendable {
    private let committer: FactCommitter
    private let providers: ProviderRegistry
    private let fresh: FreshEvents
    private let work: WorkSignal
    private let precedence: IngressPrecedence
    private let inquiries: EventInquiries
    private let logger: Logger

    private static let loops = 2
    private static let batchMax = 500
    private static let pollInterval = Duration.milliseconds(500)
    private static let attemptsMax = 10
    /// After a batch of fewer than these the next one waits a little for more: large batches cost far less an event.
    private static let gathering = 64
    private static let gatheringTime = Duration.milliseconds(4)

    /// Processes through `committer` when `work` is raised, and now and then by itself; what has to be asked for goes to `inquiries`.
    package init(
        committer: FactCommitter,
        providers: ProviderRegistry,
        fresh: FreshEvents,
        work: WorkSignal,
        precedence: IngressPrecedence,
        inquiries: EventInquiries,
        logger: Logger
    ) {
        self.precedence = precedence
        self.inquiries = inquiries
        self.committer = committer
        self.providers = providers
        self.fresh = fresh
        self.work = work
        self.logger = logger
    }

    /// Works until shutdown; a batch in hand is finished.
    ///
    /// Two loops, so that one decides while the database writes for the other.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<InboxProcessor.loops {
                group.addTask { await workAlone() }
            }
        }
    }

    private func workAlone() async {
        var size = BatchSize(maximum: InboxProcessor.batchMax)
        var look = InboxLook(interval: InboxProcessor.pollInterval)
        while !Shutdown.isRequested {
            let limit = await precedence.give(size.current)
            let taken = await processAvailable(limit, &size, &look)
            if taken == 0 { await work.wait(atMost: InboxProcessor.pollInterval) }
            if (1..<InboxProcessor.gathering).contains(taken) { await Shutdown.sleep(for: InboxProcessor.gatheringTime) }
        }
    }

    /// Processes one batch and tells how many events it took; zero after a failure, so that the next try waits a little.
    private func processAvailable(_ limit: Int, _ size: inout BatchSize, _ look: inout InboxLook) async -> Int {
        do {
            let taken = try await process(limit: limit, &look)
            size.succeed(with: taken)
            return taken
        } catch {
            size.shrink()
            look.hurry()
            logger.error("a batch of webhooks failed", metadata: ["error": "\(error)"])
            guard !InboxProcessor.isOutage(error) else { return 0 }
            return await processSingly()
        }
    }

    /// After a batch failed for a reason of its own, the inbox's events go one by one, and the one that fails is set aside for a while.
    private func processSingly() async -> Int {
        var taken = 0
        while !Shutdown.isRequested, taken < InboxProcessor.batchMax {
            do {
                guard try await processStored(limit: 1, until: committer.surroundings.now()) > 0 else { return taken }
            } catch {
                guard !InboxProcessor.isOutage(error), await setAsideFirst(because: error) else { return 0 }
            }
            taken += 1
        }
        return taken
    }

    private static func isOutage(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError else { return false }
        return error.isRetryable || error.isShortage
    }

    private func process(limit: Int, _ look: inout InboxLook) async throws -> Int {
        if !look.isDue {
            let taken = try await processFresh(limit: limit)
            guard taken == 0 else { return taken }
        }
        // What is in memory is younger than what is looked for, or it would be claimed twice.
        let until = fresh.oldestReceivedAt?.advanced(by: .microseconds(-1)) ?? committer.surroundings.now()
        let taken = try await processStored(limit: limit, until: until)
        look.hasFound(taken, of: limit)
        return taken == 0 ? try await processFresh(limit: limit) : taken
    }

    private func processFresh(limit: Int) async throws -> Int {
        let events = fresh.take(limit)
        guard !events.isEmpty else { return 0 }
        let claim = InboxStore.claim(events.map(\.id))
        let query = FactBook.Query(for: events.flatMap(\.reading.facts))
        try await commit { transaction in
            let results = try await transaction.pipeline([InboxStore.findByIndexes(), claim] + query.commands)
            let claimed = try InboxStore.decodeClaimedIDs(results[1])
            let own = claimed.count == events.count ? events : events.filter { claimed.contains($0.id) }
            return (own, try query.book(from: results.dropFirst(2)))
        }
        return events.count
    }

    private func processStored(limit: Int, until: Timestamp) async throws -> Int {
        try await commit { transaction in
            let results = try await transaction.pipeline([InboxStore.findByIndexes(), InboxStore.claim(now: until, limit: limit)])
            return (try InboxStore.decodeClaimed(results[1]).map(read), nil)
        }
    }

    /// Commits what follows from the events that `claim` holds, and tells how many they were.
    @discardableResult
    private func commit(_ claim: @Sendable (Transaction) async throws -> ([ReadEvent], FactBook?)) async throws -> Int {
        let now = committer.surroundings.now()
        let done = try await committer.commit { transaction -> FactCommitter.Work<[ReadEvent]>? in
            let (events, book) = try await claim(transaction)
            guard !events.isEmpty else { return nil }
            return FactCommitter.Work(facts: events.flatMap(\.reading.facts), context: events, book: book)
        } write: { outcome, events in
            let told = events.filter { $0.reading.inquiry == nil }
            let marks = told.isEmpty ? [] : [InboxStore.markProcessed(InboxProcessor.marks(for: told, outcome), at: now)]
            return marks + InboxProcessor.fetches(for: told, at: now) + EventInquiries.claims(of: events, at: now)
        }
        guard let done else { return 0 }
        inquiries.add(done.context)
        count(done.context.filter { $0.reading.inquiry == nil })
        for effect in done.outcome.effects { count(effect.effect) }
        return done.context.count
    }

    private func read(_ claimed: ClaimedEvent) -> ReadEvent {
        let event = claimed.event
        let webhook = VerifiedWebhook(
            verifiedBy: event.provider,
            eventID: event.eventID,
            eventType: event.eventType,
            body: event.body
        )
        return ReadEvent(event, attempts: claimed.attempts, reading: EventReading(of: webhook, by: providers[event.provider]))
    }

    private static func marks(for events: [ReadEvent], _ outcome: FactBatch.Outcome) -> [InboxMark] {
        var effects = outcome.effects[...]
        return events.map { event in
            let own = effects.prefix(event.reading.facts.count)
            effects = effects.dropFirst(event.reading.facts.count)
            return mark(event, attempts: event.attempts + 1, effects: own)
        }
    }

    /// What became of an event whose facts had these effects.
    static func mark(
        _ event: ReadEvent,
        attempts: Int,
        effects: ArraySlice<(effect: Decision.Effect, chargeID: ChargeID?)>
    ) -> InboxMark {
        InboxMark(
            id: event.id,
            status: event.reading.status,
            attempts: attempts,
            detail: event.reading.detail ?? effects.map { describe($0.effect) }.first,
            chargeID: effects.compactMap(\.chargeID).first
        )
    }

    /// Events that do not tell enough lead to calls of their providers.
    private static func fetches(for events: [ReadEvent], at now: Timestamp) -> [Command] {
        var ids: Set<ChargeID> = []
        var references: Set<ProviderReference> = []
        for fetched in events.lazy.compactMap(\.reading.fetched) {
            switch fetched.subject {
            case .charge(let id): ids.insert(id)
            case .reference(let text): references.insert(ProviderReference(fetched.provider, text))
            case .amount, .unknown: break
            }
        }
        let withdrawals = Set(events.compactMap(\.reading.withdrawal)).sorted()
        let looks = withdrawals.isEmpty ? [] : [PayoutCallStore.requestFetch(withdrawals, at: now)]
        guard !ids.isEmpty || !references.isEmpty else { return looks }
        return looks + [ProviderCallStore.requestFetch(ids: ids.sorted(), references: Array(references), at: now)]
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
                let attempts = first.attempts + 1
                let mark = InboxMark(id: first.event.id, status: .failed, attempts: attempts, detail: "\(error)", chargeID: nil)
                let command =
                    attempts >= InboxProcessor.attemptsMax
                    ? InboxStore.markProcessed([mark], at: now)
                    : InboxStore.reschedule(
                        first.event.id,
                        nextAttemptAt: now.advanced(by: .seconds(1 << first.attempts)),
                        attempts: attempts,
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
        for (provider, own) in Dictionary(grouping: events, by: \.provider) {
            for (status, events) in Dictionary(grouping: own, by: \.reading.status) {
                ProcessingCounters.count(events.count, provider, status)
            }
        }
    }

    private func count(_ effect: Decision.Effect) {
        ProcessingCounters.count(effect)
    }
}
