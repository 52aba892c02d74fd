package import PostgreSQL
import Synchronization

/// Whether this process should get requests.
package final class HealthCheck: Sendable {
    private static let probe = Statement("health_probe", "SELECT 1")

    private let pool: ConnectionPool
    private let draining = Mutex(false)

    /// Asks through `pool`.
    package init(pool: ConnectionPool) {
        self.pool = pool
    }

    /// From now on the process is not ready, because it is stopping.
    package func drain() {
        draining.withLock { $0 = true }
    }

    /// What keeps the process from being ready; empty when nothing does.
    package func obstacles() async -> [String] {
        if draining.withLock({ $0 }) { return ["draining"] }
        do {
            _ = try await pool.execute(HealthCheck.probe, [])
            return []
        } catch {
            return ["database"]
        }
    }
}
