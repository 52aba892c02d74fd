package import Logging
import Payments
import PostgreSQL
package import Storage

/// Ends pending entries whose time is over.
///
/// The cause of the end is made of the cause of what it ends, and its time is the one that was set; so two gateways that find the same
/// entry write it once.
package struct PendingExpiry: Sendable {
    private let ledger: Ledger
    private let surroundings: Surroundings
    private let logger: Logger

    private static let pollInterval = Duration.seconds(1)
    private static let batchMax = 500

    /// Ends entries of `ledger`.
    package init(ledger: Ledger, surroundings: Surroundings, logger: Logger) {
        self.ledger = ledger
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Works until shutdown.
    package func run() async {
        while !Shutdown.isRequested {
            do {
                while try await expireBatch() == PendingExpiry.batchMax, !Shutdown.isRequested {}
            } catch {
                logger.error("pending entries could not be expired", metadata: ["error": "\(error)"])
            }
            await Shutdown.sleep(for: PendingExpiry.pollInterval)
        }
    }

    /// How many entries are over that were open before.
    package func expireBatch() async throws -> Int {
        let now = surroundings.now()
        let query = PendingEntries.overdue(at: now, limit: PendingExpiry.batchMax)
        let overdue = try PendingEntries.decodeOverdue(try await ledger.pool.execute(query.statement, query.parameters))
        let results = try await ledger.post(overdue.map(request), at: now)
        for (entry, result) in zip(overdue, results) where !PendingExpiry.isOver(result) {
            logger.error("a pending entry cannot expire", metadata: ["cause": "\(entry.cause)", "result": "\(result.rawValue)"])
        }
        return results.count(where: PendingExpiry.isOver)
    }

    private func request(_ overdue: (cause: EntryCause, kind: EntryKind, expiresAt: Timestamp)) -> PostingRequest {
        PostingRequest(
            surroundings.identifier(),
            PendingResolution(
                cause: EntryCause("expired:\(overdue.cause.text)"),
                kind: overdue.kind,
                pending: overdue.cause,
                outcome: .expire,
                occurredAt: overdue.expiresAt
            )
        )
    }

    /// Whether the entry is over now: by this posting, by another gateway's, or because somebody decided in the meantime.
    private static func isOver(_ result: PostingResult) -> Bool {
        switch result {
        case .created, .exists, .pendingAlreadyResolved: true
        default: false
        }
    }
}
