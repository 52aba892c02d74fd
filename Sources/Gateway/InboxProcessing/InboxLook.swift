/// When the inbox is to be looked into although there is work in memory: now and then, because others put work there too.
struct InboxLook {
    private let interval: Duration
    private var next: ContinuousClock.Instant

    /// Looks at once, and then about every `interval`.
    init(interval: Duration, at now: ContinuousClock.Instant = .now) {
        self.interval = interval
        next = now
    }

    var isDue: Bool { isDue(at: .now) }

    func isDue(at now: ContinuousClock.Instant) -> Bool { now >= next }

    /// A look found events; as many as it may take means that there are more.
    mutating func hasFound(_ count: Int, of limit: Int, at now: ContinuousClock.Instant = .now) {
        next = count < limit ? now.advanced(by: interval) : now
    }

    /// Events that were in memory are only in the inbox now.
    mutating func hurry(at now: ContinuousClock.Instant = .now) {
        next = now
    }
}
