package import Payments

/// Whether requests to a provider go out, or are kept back because too many of the last ones failed.
///
/// Closed: all go out. After some failures within a window it opens, and nothing goes out for a pause. Then it is half open: one request
/// probes, and its outcome closes or opens it again, for twice as long each time. Only errors and time-outs are failures; a decline is a
/// good answer. A value that knows no clock.
package struct CircuitBreaker: Sendable, Hashable {
    /// When it opens, and for how long.
    package struct Limits: Sendable, Hashable {
        /// So many failures within the window open it.
        package let failures: Int
        package let window: Duration
        /// The first pause.
        package let pause: Duration
        /// The longest pause.
        package let pauseMax: Duration
        /// A probe that has not told its outcome until then is given up for lost.
        package let probeTime: Duration

        /// Sets limits.
        package init(
            failures: Int = 5,
            window: Duration = .seconds(30),
            pause: Duration = .seconds(5),
            pauseMax: Duration = .seconds(120),
            probeTime: Duration = .seconds(30)
        ) {
            self.failures = failures
            self.window = window
            self.pause = pause
            self.pauseMax = pauseMax
            self.probeTime = probeTime
        }
    }

    /// Where it stands.
    package enum State: Sendable, Hashable {
        /// With the times of the last failures, the oldest first.
        case closed(failures: [Timestamp])
        case open(until: Timestamp, pause: Duration)
        /// A probe is under way.
        case halfOpen(probeUntil: Timestamp, pause: Duration)

        /// The word for people and for metrics.
        package var name: String {
            switch self {
            case .closed: "closed"
            case .open: "open"
            case .halfOpen: "half_open"
            }
        }
    }

    /// What a request may do.
    package enum Admission: Sendable, Hashable {
        case goes
        /// Nothing goes out before then.
        case waits(until: Timestamp)
    }

    package private(set) var state = State.closed(failures: [])
    private let limits: Limits

    /// A closed breaker.
    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// What a request would be told now; changes nothing.
    package func waits(at now: Timestamp) -> Timestamp? {
        switch state {
        case .closed: nil
        case .open(let until, _): now < until ? until : nil
        case .halfOpen(let probeUntil, _): now < probeUntil ? probeUntil : nil
        }
    }

    private static let probeIsNear = Duration.seconds(1)

    /// How long what cannot go out now is put off; nil when it can.
    ///
    /// While somebody probes, the outcome is near: what waits for it looks again soon, and not when the probe would be given up for lost.
    package func pause(at now: Timestamp) -> Duration? {
        guard let until = waits(at: now) else { return nil }
        if case .halfOpen = state { return min(until.since(now), CircuitBreaker.probeIsNear) }
        return until.since(now)
    }

    /// Decides whether a request goes out; the first one after a pause is the probe.
    package mutating func admit(at now: Timestamp) -> Admission {
        if let until = waits(at: now) { return .waits(until: until) }
        switch state {
        case .closed: break
        case .open(_, let pause), .halfOpen(_, let pause):
            state = .halfOpen(probeUntil: now.advanced(by: limits.probeTime), pause: pause)
        }
        return .goes
    }

    /// A request got a good answer; one that left before the breaker opened proves nothing.
    package mutating func succeed() {
        switch state {
        case .closed: break
        case .open: break
        case .halfOpen: state = .closed(failures: [])
        }
    }

    /// A request failed, or got no answer in time.
    package mutating func fail(at now: Timestamp) {
        switch state {
        case .closed(let earlier):
            let failures = (earlier + [now]).filter { now.since($0) < limits.window }
            state = failures.count < limits.failures ? .closed(failures: failures) : opened(for: limits.pause, at: now)
        case .open: break
        case .halfOpen(_, let pause): state = opened(for: min(pause * 2, limits.pauseMax), at: now)
        }
    }

    private func opened(for pause: Duration, at now: Timestamp) -> State {
        .open(until: now.advanced(by: pause), pause: pause)
    }
}
