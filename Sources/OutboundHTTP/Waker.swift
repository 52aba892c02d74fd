internal import CCurl
import Glibc
import Synchronization

/// Wakes the thread that waits in curl_multi_poll.
final class Waker: Sendable {
    /// The descriptor to wait for beside the sockets.
    let descriptor: Int32
    private let isRaised = Mutex(false)

    init() {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        precondition(descriptor >= 0, "the system has no descriptor left for outgoing requests")
    }

    deinit {
        close(descriptor)
    }

    /// Ends the wait now, or the next one at once.
    func wake() {
        isRaised.withLock { raised in
            guard !raised else { return }
            raised = true
            var one: UInt64 = 1
            _ = unsafe withUnsafeBytes(of: &one) { unsafe write(descriptor, $0.baseAddress, 8) }
        }
    }

    /// Takes note of a wake-up.
    func rest() {
        isRaised.withLock { raised in
            raised = false
            var count: UInt64 = 0
            _ = unsafe withUnsafeMutableBytes(of: &count) { unsafe read(descriptor, $0.baseAddress, 8) }
        }
    }
}
