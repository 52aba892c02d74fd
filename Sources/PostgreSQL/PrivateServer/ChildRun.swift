internal import CPostgreSQL
import Dispatch
import Foundation
import Glibc

/// A short child process.
///
/// Not Foundation's `Process`: it learns of the end through a descriptor that a server left behind by the child keeps open for ever.
enum ChildRun {
    /// Runs a program and gathers what it says; status 127 when it could not be started.
    static func run(_ path: String, _ arguments: [String]) async -> (status: Int32, output: String) {
        await withCheckedContinuation { continuation in
            // waitpid waits, so it must not run on Swift's own threads.
            DispatchQueue.global().async { continuation.resume(returning: runAndWait(path, arguments)) }
        }
    }

    private static func runAndWait(_ path: String, _ arguments: [String]) -> (status: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("truvapay-\(UUID().uuidString)").path
        defer { _ = unsafe unlink(file) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A server that the child leaves behind must not keep our sockets and files open.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        unsafe posix_spawn_file_actions_addchdir_np(&actions, "/")
        var pid: pid_t = 0
        let started = unsafe CStrings.with([path] + arguments) { pointers -> Int32 in
            var pointers = unsafe pointers.map { unsafe UnsafeMutablePointer(mutating: $0) }
            return unsafe posix_spawn(&pid, path, &actions, nil, &pointers, environ)
        }
        guard started == 0 else { return (127, "\(path) could not be started") }
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) == -1, errno == EINTR {}
        let output = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return (status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, output)
    }
}
