import Glibc

/// A lock on a file (flock(2)) that the system takes away when the process ends, however it ends.
///
/// Two locks on the same file exclude each other within one process too. No child process inherits it.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Opens the file, which is made if it is not there; nothing is locked yet.
    ///
    /// - Throws: `PostgresServerError` with code `folderUnusable`.
    init(_ path: String) throws(PostgresServerError) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw PostgresServerError(.folderUnusable, "\(path) cannot be opened: set TRUVAPAY_HOME to a folder that can be written")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Takes the lock for this holder alone, or says at once that others hold it.
    func takeAlone() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Takes the lock beside others who share it, or says at once that somebody holds it alone.
    func takeShared() -> Bool { flock(descriptor, LOCK_SH | LOCK_NB) == 0 }
}
