import Glibc
package import Payments

/// What the shell takes from outside and the core must not know: the time, randomness, and ids made of both.
package struct Surroundings: Sendable {
    /// The present moment.
    package let now: @Sendable () -> Timestamp

    /// Reads the time through `now`.
    package init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    /// The machine's clock.
    package static let system = Surroundings {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// A new identifier of the present moment.
    package func identifier<ID: Identifier>(_ type: ID.Type = ID.self) -> ID {
        var random = SystemRandomNumberGenerator()
        return ID(at: now(), random: &random)
    }

    /// A token that fences one claim against all others.
    func claimToken() -> UInt128 {
        UInt128.random(in: 1...UInt128.max)
    }
}
