import Payments
import Synchronization

/// Counts the requests of each API key in fixed windows.
final class RateLimiter: Sendable {
    private struct Window {
        var began: ContinuousClock.Instant
        var count: Int
    }

    private let window: Duration
    private let maximum: Int
    private let windows = Mutex<[APIKeyID: Window]>([:])

    /// Allows `maximum` requests a `window`.
    init(window: Duration, maximum: Int) {
        self.window = window
        self.maximum = maximum
    }

    /// Counts a request; returns how long to wait when it is one too many.
    func admit(_ key: APIKeyID, at now: ContinuousClock.Instant = .now) -> Duration? {
        windows.withLock { windows in
            var current = windows[key] ?? Window(began: now, count: 0)
            if now - current.began >= window { current = Window(began: now, count: 0) }
            guard current.count < maximum else { return window - (now - current.began) }
            current.count += 1
            windows[key] = current
            return nil
        }
    }
}
