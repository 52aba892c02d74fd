import Logging
import Payments
import PostgreSQL
import Storage

/// One attempt and what follows from it.
struct DeliveryRecord: Sendable {
    let notification: ClaimedNotification
    let outcome: DeliveryOutcome
    let decision: DeliveryDecision
}

/// Writes what came of deliveries, many in one commit.
struct DeliveryRecorder: Sendable {
    let pool: ConnectionPool
    let surroundings: Surroundings
    let endpoint: String
    let work: WorkSignal
    let logger: Logger

    /// A batcher that writes through this recorder.
    ///
    /// Its waits are long, because an attempt that is not recorded is made again.
    func batcher() -> Batcher<DeliveryRecord, Void> {
        Batcher(limits: BatcherLimits(batch: 200, queue: 10_000, waitMax: .seconds(30), writers: 1)) { records in
            await write(records)
        }
    }

    private static let pauseBetweenTries = Duration.milliseconds(250)

    /// Tries for as long as the claims may hold: what cannot be recorded is sent once more than needed.
    ///
    /// The claims' tokens make recording twice harmless.
    private func write(_ records: [DeliveryRecord]) async -> [Result<Void, any Error>] {
        let commands = self.commands(for: records, at: surroundings.now())
        let end = ContinuousClock.now.advanced(by: Notifier.claimDuration)
        while true {
            do {
                try await pool.transaction { transaction in
                    _ = try await transaction.finish(with: commands)
                }
                // The next notification of the same charge may go now.
                work.raise()
                return records.map { _ in .success(()) }
            } catch let error as PostgresError where error.mayPass && ContinuousClock.now < end && !Shutdown.isRequested {
                await Shutdown.sleep(for: DeliveryRecorder.pauseBetweenTries)
            } catch {
                return records.map { _ in .failure(error) }
            }
        }
    }

    private func commands(for records: [DeliveryRecord], at now: Timestamp) -> [Command] {
        var delivered: [ClaimedNotification] = []
        var retries: [FailedDelivery] = []
        var dead: [FailedDelivery] = []
        var commands: [Command] = []
        for record in records {
            let (status, error) = DeliveryRecorder.describe(record.outcome)
            switch record.decision {
            case .delivered:
                delivered.append(record.notification)
            case .retry(let delay):
                retries.append(
                    FailedDelivery(notification: record.notification, nextAttemptAt: now.advanced(by: delay), status: status, error: error)
                )
            case .deadLetter:
                logger.error("a notification was given up", metadata: ["notification": "\(record.notification.id)"])
                dead.append(FailedDelivery(notification: record.notification, nextAttemptAt: now, status: status, error: error))
            case .pauseEndpoint:
                logger.error("the order core answered 410: deliveries pause until they are resumed by hand")
                commands.append(OutboxStore.pause(endpoint: endpoint, reason: "answered 410", at: now))
                retries.append(FailedDelivery(notification: record.notification, nextAttemptAt: now, status: status, error: error))
            }
        }
        if !delivered.isEmpty { commands.append(OutboxStore.recordDelivered(delivered, at: now)) }
        if !retries.isEmpty { commands.append(OutboxStore.recordRetry(retries)) }
        if !dead.isEmpty { commands.append(OutboxStore.recordDead(dead)) }
        return commands
    }

    private static func describe(_ outcome: DeliveryOutcome) -> (status: Int?, error: String?) {
        switch outcome {
        case .answered(let status, _): (status, nil)
        case .failed(let reason): (nil, reason)
        }
    }
}
