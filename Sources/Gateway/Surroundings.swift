import Glibc
package import Payments
package import Storage

/// What the shell takes from outside and the core must not know: the time, randomness, and ids made of both.
package struct Surroundings: Sendable {
    /// The present moment.
    package let now: @Sendable () -> Timestamp

    /// Which gateway this is.
    package let gateway: GatewayID

    /// Reads the time through `now`.
    package init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
        var random = SystemRandomNumberGenerator()
        gateway = GatewayID(at: now(), random: &random)
    }

    /// The machine's clock.
    package static let system = Surroundings { read(CLOCK_REALTIME) }

    /// A clock that only goes on, whatever happens to the machine's; it counts from the machine's start.
    package static let steady: @Sendable () -> Timestamp = { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Timestamp {
        var time = timespec()
        clock_gettime(clock, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// A new identifier of the present moment.
    package func identifier<ID: Identifier>(_ type: ID.Type = ID.self) -> ID {
        var random = SystemRandomNumberGenerator()
        return ID(at: now(), random: &random)
    }

    /// A claim of this gateway from now on, fenced against all others.
    func claim(for duration: Duration) -> Claim {
        Claim(token: UInt128.random(in: 1...UInt128.max), holder: gateway, until: now().advanced(by: duration))
    }
}
