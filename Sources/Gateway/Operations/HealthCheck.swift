package import Payments
package import PostgreSQL
import Synchronization

/// Whether this process should get requests.
package final class HealthCheck: Sendable {
    private static let probe = Statement("health_probe", "SELECT 1")

    private let reading: ConnectionPool
    private let writing: ConnectionPool
    private let breakers: ProviderBreakers
    private let draining = Mutex(false)

    /// Asks through `reading`, and heeds what those who write through `writing` have met.
    package init(reading: ConnectionPool, writing: ConnectionPool, breakers: ProviderBreakers) {
        self.reading = reading
        self.writing = writing
        self.breakers = breakers
    }

    /// Where the circuits of the providers stand that have been called; an open one does not keep the process from being ready, because
    /// its charges wait and all others go on.
    package var circuits: [(provider: ProviderName, state: CircuitBreaker.State)] {
        breakers.states.map { (provider: $0.key, state: $0.value) }.sorted { $0.provider.text < $1.provider.text }
    }

    /// From now on the process is not ready, because it is stopping.
    package func drain() {
        draining.withLock { $0 = true }
    }

    /// What keeps the process from being ready; empty when nothing does.
    package func obstacles() async -> [String] {
        if draining.withLock({ $0 }) { return ["draining"] }
        do {
            _ = try await reading.execute(HealthCheck.probe, [])
            return HealthCheck.isShort(last: writing.lastShortage, now: .now) ? ["database_resources"] : []
        } catch {
            return ["database"]
        }
    }

    /// Whether the database must be taken to lack disk or memory still.
    ///
    /// A probe that only reads succeeds on a full disk, and one that writes would fill it. So requests are kept away for a while after
    /// each refusal; then some come and find out whether there is room again.
    package static func isShort(last: ContinuousClock.Instant?, now: ContinuousClock.Instant) -> Bool {
        last.map { now - $0 < HealthCheck.shortageMemory } ?? false
    }

    private static let shortageMemory = Duration.seconds(10)
}
