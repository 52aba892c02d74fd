import Foundation
import Synchronization

/// A file descriptor that takes whole lines from any thread, one after the other.
///
/// A line is handed to the kernel under a lock, normally in one `write(2)`, so lines never mix. A descriptor that fails (a closed pipe, a
/// full disk) loses the line and counts it: logging never stops the movement of money. The program must ignore `SIGPIPE`.
package final class LogOutput: Sendable {
    /// Standard output of the process.
    package static let standardOutput = LogOutput(descriptor: STDOUT_FILENO)

    private let descriptor: CInt
    private let lostLines = Mutex(0)

    /// Writes to an open descriptor, which stays the caller's to close.
    package init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Lines that could not be written since the start.
    package var lostLineCount: Int { lostLines.withLock { $0 } }

    /// Writes one line; the line break is added here.
    func write(line: String) {
        var bytes = Array(line.utf8)
        bytes.append(UInt8(ascii: "\n"))
        lostLines.withLock { count in
            if !writeAll(bytes) { count += 1 }
        }
    }

    private func writeAll(_ bytes: [UInt8]) -> Bool {
        var written = 0
        while written < bytes.count {
            let result = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if result > 0 {
                written += result
            } else if errno == EAGAIN {
                guard isWritableSoon() else { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Waits for a non-blocking descriptor, at most a second, so that a stuck reader cannot hold up the process for ever.
    private func isWritableSoon() -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, 1000) > 0
    }
}
