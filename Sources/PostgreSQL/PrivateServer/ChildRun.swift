internal import CPostgreSQL
import Dispatch
import Foundation
import Glibc

/// A short child process in a session of its own, so that Ctrl-C on our terminal does not reach it.
///
/// Not Foundation's `Process`: it learns of the end through a descriptor that a server left behind by the child keeps open for ever.
enum ChildRun {
    /// How a child ended and what it said.
    struct Result {
        /// Zero is success; 127 when it could not be started, 128 and the signal's number when a signal ended it.
        let status: Int32
        let output: String
    }

    /// Nothing is inherited: variables such as PGHOST or PGOPTIONS are meant for other servers.
    private static let environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"]

    /// The flag POSIX_SPAWN_SETSID, which `spawn.h` declares for GNU sources only.
    private static let ownSession: Int32 = 0x80

    /// Runs a program to its end, in the root folder, and gathers what it says.
    static func run(_ path: String, _ arguments: [String]) async -> Result {
        await withCheckedContinuation { continuation in
            // waitpid waits, so it must not run on Swift's own threads.
            DispatchQueue.global().async { continuation.resume(returning: runAndWait(path, arguments)) }
        }
    }

    private static func runAndWait(_ path: String, _ arguments: [String]) -> Result {
        // A file and not a pipe: a server that the child leaves behind would keep a pipe open.
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("truvapay-\(UUID().uuidString)").path
        defer { _ = unsafe unlink(file) }
        guard let processID = spawn(path, arguments, outputFile: file) else {
            return Result(status: 127, output: "\(path) could not be started")
        }
        var status: Int32 = 0
        while unsafe waitpid(processID, &status, 0) == -1, errno == EINTR {}
        let output = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        // WIFEXITED and WEXITSTATUS of waitpid(2), macros that Swift does not import.
        let signal = status & 0x7F
        return Result(status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: output)
    }

    private static func spawn(_ path: String, _ arguments: [String], outputFile: String) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, outputFile, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A server that the child leaves behind must not keep our sockets and files open.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // The user that the server runs as may not be allowed to enter our own working folder.
        unsafe posix_spawn_file_actions_addchdir_np(&actions, "/")
        return withAttributes { attributes in
            var attributes = attributes
            return unsafe CStrings.with([path] + arguments) { words in
                unsafe CStrings.with(environment) { environment in
                    var processID: pid_t = 0
                    let words = unsafe words.map { unsafe UnsafeMutablePointer(mutating: $0) }
                    let environment = unsafe environment.map { unsafe UnsafeMutablePointer(mutating: $0) }
                    let error = unsafe posix_spawn(&processID, path, &actions, &attributes, words, environment)
                    return error == 0 ? processID : nil
                }
            }
        }
    }

    /// A session of its own, and no signal ignored or blocked because the service does so.
    private static func withAttributes<Value>(_ body: (posix_spawnattr_t) -> Value) -> Value {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | ownSession))
        return body(attributes)
    }
}
