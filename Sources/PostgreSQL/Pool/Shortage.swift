import Synchronization

/// When the server last lacked what it needs to work, as seen by the connections of one pool.
final class Shortage: Sendable {
    private let instant = Mutex<ContinuousClock.Instant?>(nil)

    /// The last time; nil when it never did.
    var last: ContinuousClock.Instant? { instant.withLock { $0 } }

    /// The server lacks something at this moment.
    func noteNow() {
        instant.withLock { $0 = .now }
    }
}
