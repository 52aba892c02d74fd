package import Logging
package import PostgreSQL
import Storage

/// Tells the other gateways that this one is at work, and takes over what silent ones had claimed.
///
/// Without it a customer whose gateway was killed would wait until its claim is over. A gateway that was only slow loses its claims
/// too; that is safe, because a call is repeated under the same idempotency key and a notification under the same id.
package struct Presence: Sendable {
    private let pool: ConnectionPool
    private let surroundings: Surroundings
    private let abandoned: AbandonedClaims
    private let logger: Logger

    private static let beatInterval = Duration.seconds(1)
    /// Several beats, so that one slow statement is no death.
    private static let silenceMax = Duration.seconds(4)

    /// Speaks for the gateway of `surroundings`, and frees what it has `abandoned`.
    package init(pool: ConnectionPool, surroundings: Surroundings, abandoned: AbandonedClaims, logger: Logger) {
        self.abandoned = abandoned
        self.pool = pool
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Beats until cancelled: longer than any worker that claims.
    package func run() async {
        while !Task.isCancelled {
            do {
                for gateway in try await beat() {
                    logger.notice("a gateway is silent, its claims are free", metadata: ["gateway": "\(gateway)"])
                }
            } catch {
                logger.warning("the gateway could not say that it is at work", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: Presence.beatInterval)
        }
    }

    /// Answers which gateways were found silent.
    private func beat() async throws -> [GatewayID] {
        let abandoned = self.abandoned.all
        let silent = try await pool.transaction { transaction in
            let results = try await transaction.pipeline([
                PresenceStore.beat(surroundings.gateway), PresenceStore.removeSilent(for: Presence.silenceMax),
            ])
            let silent = try results.last.map { try PresenceStore.decodeRemoved($0) } ?? []
            _ = try await transaction.finish(
                with: PresenceStore.release(claimsOf: silent, and: abandoned, at: surroundings.now())
            )
            return silent
        }
        self.abandoned.remove(abandoned)
        return silent
    }
}
