/// How long to wait before a server that ended is started again: at once the first time, then longer and longer.
struct RestartPause {
    private static let longest = Duration.seconds(30)
    /// A server that ran this long is taken for healthy.
    private static let healthy = Duration.seconds(60)

    private var next = Duration.zero
    private var last: ContinuousClock.Instant?

    /// The pause before the start that is due now.
    mutating func pause(at now: ContinuousClock.Instant) -> Duration {
        if let last, now - last > RestartPause.healthy + next { next = .zero }
        last = now
        defer { next = next == .zero ? .milliseconds(500) : min(next * 2, RestartPause.longest) }
        return next
    }
}
