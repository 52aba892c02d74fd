import Glibc
import Storage
import Synchronization

/// One line on a terminal that tells how far a verification is; nothing where nobody looks.
final class ProgressLine: Sendable {
    private let isShown = isatty(STDERR_FILENO) == 1
    private let shownAt = Mutex(Duration.zero)
    private static let interval = Duration.milliseconds(200)

    /// Shows progress, a few times a second.
    func show(_ progress: LedgerVerificationProgress) {
        guard isShown else { return }
        let isDue = shownAt.withLock { shownAt in
            guard progress.elapsed - shownAt >= ProgressLine.interval else { return false }
            shownAt = progress.elapsed
            return true
        }
        guard isDue else { return }
        let milliseconds = max(1, progress.elapsed / .milliseconds(1))
        StandardError.write("\r\(progress.entryCount) entries, \(Int(Double(progress.entryCount) * 1000 / milliseconds)) a second", end: "")
    }

    /// Makes room for the result.
    func clear() {
        if isShown { StandardError.write("\r\u{1B}[K", end: "") }
    }
}
