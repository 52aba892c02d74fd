package import Logging
package import PostgreSQL
import Storage

/// After the machine's clock was set back, brings forward what was put off by the clock as it was before.
///
/// Without it a notification or a call to a provider that was due in a minute would wait for an hour when the clock had been an hour
/// ahead. What happens a little early instead is safe: calls and notifications are repeated under the same names.
package struct ClockChanges: Sendable {
    private let pool: ConnectionPool
    private let surroundings: Surroundings
    private let logger: Logger

    private static let interval = Duration.milliseconds(250)

    /// Watches the clock of `surroundings`.
    package init(pool: ConnectionPool, surroundings: Surroundings, logger: Logger) {
        self.pool = pool
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Watches until cancelled.
    package func run() async {
        var watch = ClockWatch()
        var owed = Duration.zero
        while !Task.isCancelled {
            if let change = watch.setBack(wall: surroundings.now(), steady: Surroundings.steady()) {
                logger.warning("the machine's clock was set back", metadata: ["seconds": "\(change.components.seconds)"])
                owed += change
            }
            if owed > .zero, await bringForward(by: owed) { owed = .zero }
            try? await Task.sleep(for: ClockChanges.interval)
        }
    }

    /// False when the database could not do it now.
    private func bringForward(by change: Duration) async -> Bool {
        let now = surroundings.now()
        do {
            try await pool.transaction { transaction in
                _ = try await transaction.finish(with: DueTimes.bringForward(by: change, at: now))
            }
            return true
        } catch {
            logger.warning("what the old clock had put off still waits", metadata: ["error": "\(error)"])
            return false
        }
    }
}
