package import Logging
import Metrics
import Payments
package import PostgreSQL
import Storage

/// Sends what is due to the order core, many at a time but one at a time for each charge, and records what came of it.
package struct Notifier: Sendable {
    private let pool: ConnectionPool
    private let surroundings: Surroundings
    private let endpoint: OrderCoreEndpoint
    private let work: WorkSignal
    private let abandoned: AbandonedClaims
    private let logger: Logger
    private let slots = DeliverySlots(limit: 64)

    private static let pollInterval = Duration.milliseconds(500)
    /// Longer than one attempt and its recording can take, so that no other process sends the same at the same time.
    static let claimDuration = Duration.seconds(45)

    /// Sends to `endpoint` when `work` is raised, and now and then by itself.
    package init(
        pool: ConnectionPool,
        surroundings: Surroundings,
        endpoint: OrderCoreEndpoint,
        work: WorkSignal,
        abandoned: AbandonedClaims,
        logger: Logger
    ) {
        self.abandoned = abandoned
        self.pool = pool
        self.surroundings = surroundings
        self.endpoint = endpoint
        self.work = work
        self.logger = logger
    }

    /// Works until shutdown; attempts in hand are finished and recorded.
    ///
    /// A slow answer holds only its own slot: what is due for other charges goes on through the others.
    package func run() async {
        let recorder = DeliveryRecorder(pool: pool, surroundings: surroundings, endpoint: endpoint.url, work: work, logger: logger)
        let batcher = recorder.batcher()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await batcher.runUntilClosed() }
            await withDiscardingTaskGroup { deliveries in
                while !Shutdown.isRequested {
                    let claimed = await claim(limit: slots.free)
                    slots.take(claimed.count)
                    for notification in claimed {
                        deliveries.addTask { await send(notification, recording: batcher) }
                    }
                    if claimed.isEmpty { await work.wait(atMost: Notifier.pollInterval) }
                }
            }
            batcher.close()
        }
    }

    private func claim(limit: Int) async -> [ClaimedNotification] {
        guard limit > 0 else { return [] }
        let claim = surroundings.claim(for: Notifier.claimDuration)
        let command = OutboxStore.claimDue(
            now: surroundings.now(),
            claim: claim,
            limit: limit,
            endpoint: endpoint.url
        )
        do {
            return try OutboxStore.decodeClaimed(try await pool.execute(command.statement, command.parameters))
        } catch {
            abandoned.add(claim)
            logger.error("notifications could not be claimed", metadata: ["error": "\(error)"])
            return []
        }
    }

    private func send(_ notification: ClaimedNotification, recording batcher: Batcher<DeliveryRecord, Void>) async {
        defer { slots.release() }
        let outcome = await endpoint.deliver(notification, at: surroundings.now())
        var random = SystemRandomNumberGenerator()
        let decision = DeliveryDecision.after(outcome, attempts: notification.attempts, random: &random)
        do {
            try await batcher.submit(DeliveryRecord(notification: notification, outcome: outcome, decision: decision))
        } catch {
            logger.error("a delivery could not be recorded", metadata: ["notification": "\(notification.id)", "error": "\(error)"])
        }
        count(decision)
    }

    private func count(_ decision: DeliveryDecision) {
        let name =
            switch decision {
            case .delivered: "delivered"
            case .retry: "retry"
            case .deadLetter: "dead_letter"
            case .pauseEndpoint: "endpoint_paused"
            }
        Counter(label: "truvapay_notification_attempts_total", dimensions: [("outcome", name)]).increment()
    }
}
