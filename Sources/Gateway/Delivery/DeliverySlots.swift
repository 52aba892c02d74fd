import Synchronization

/// How many deliveries may still begin.
final class DeliverySlots: Sendable {
    private let available: Mutex<Int>

    /// All of `limit` are free.
    init(limit: Int) {
        available = Mutex(limit)
    }

    /// Free slots now.
    var free: Int { available.withLock { $0 } }

    /// Occupies slots.
    func take(_ count: Int) {
        available.withLock { $0 -= count }
    }

    /// Frees one slot.
    func release() {
        available.withLock { $0 += 1 }
    }
}
