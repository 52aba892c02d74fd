internal import CPostgreSQL
import Glibc

/// Starts programs that inherit nothing but what they are given, each in a session of its own, where Ctrl-C on our terminal does not
/// reach it.
///
/// Not Foundation's `Process`: it learns of an end through a descriptor that another program, started at the same moment or left behind
/// by the first one, may keep open for ever.
package enum Spawn {
    /// The flag POSIX_SPAWN_SETSID, which `spawn.h` declares for GNU sources only.
    private static let ownSession: Int32 = 0x80

    /// Starts a program with nothing to read; whoever calls waits for its end.
    ///
    /// - Returns: the number by which the system knows it; nil when it could not be started.
    package static func start(
        _ path: String,
        _ arguments: [String],
        environment: [String],
        folder: String?,
        output: Int32?
    ) -> Int32? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        if let output {
            unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A server that the child leaves behind must not keep our sockets and files open.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let folder { unsafe posix_spawn_file_actions_addchdir_np(&actions, folder) }
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

    /// Waits until a program that was started has ended.
    ///
    /// - Returns: what it ended with, or 128 and the number of the signal that ended it, as shells say.
    package static func end(of processID: Int32) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(processID, &status, 0) == -1, errno == EINTR {}
        // WTERMSIG and WEXITSTATUS of waitpid(2), macros that Swift does not import.
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }

    /// A session of its own, and no signal ignored or blocked because we do so.
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
