internal import CPostgreSQL
import Glibc

/// Waits for many descriptors at once (epoll(7)); used by one thread.
@safe
final class Poller {
    private let descriptor: Int32
    private var events: [epoll_event]

    /// A descriptor that is ready, by the key it was watched as.
    struct Ready {
        let key: Int
    }

    init() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(descriptor >= 0, "the system has no descriptor left for the database's event loop")
        unsafe events = Array(repeating: epoll_event(), count: 64)
    }

    deinit {
        close(descriptor)
    }

    /// Watches for reading, unless that is not wanted, and for writing too when asked.
    func watch(_ watched: Int32, as key: Int, reading: Bool = true, writing: Bool = false) {
        var event = unsafe epoll_event()
        unsafe event.events = (reading ? EPOLLIN.rawValue : 0) | (writing ? EPOLLOUT.rawValue : 0)
        unsafe event.data.u64 = UInt64(key)
        if unsafe epoll_ctl(descriptor, EPOLL_CTL_MOD, watched, &event) != 0 {
            _ = unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event)
        }
    }

    /// Watches no longer; harmless when the descriptor is closed already.
    func forget(_ watched: Int32) {
        var event = unsafe epoll_event()
        _ = unsafe epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, &event)
    }

    /// Waits until something is ready or the time is over; -1 waits without end.
    func wait(milliseconds: Int32) -> [Ready] {
        let count = unsafe epoll_wait(descriptor, &events, Int32(events.count), milliseconds)
        guard count > 0 else { return [] }
        return unsafe events.prefix(Int(count)).map { unsafe Ready(key: Int(truncatingIfNeeded: $0.data.u64)) }
    }
}
