import Dispatch
import Foundation
import Glibc

/// A short child process, run to its end.
enum ChildRun {
    /// How a child ended and what it said.
    struct Result {
        /// Zero is success; 127 when it could not be started, 128 and the signal's number when a signal ended it.
        let status: Int32
        let output: String
    }

    /// Nothing is inherited: variables such as PGHOST or PGOPTIONS are meant for other servers.
    private static let environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"]

    /// Runs a program to its end, in the root folder, and gathers what it says.
    static func run(_ path: String, _ arguments: [String]) async -> Result {
        await withCheckedContinuation { continuation in
            // The wait for the end must not be on Swift's own threads.
            DispatchQueue.global().async { continuation.resume(returning: runAndWait(path, arguments)) }
        }
    }

    private static func runAndWait(_ path: String, _ arguments: [String]) -> Result {
        // A file and not a pipe: a server that the child leaves behind would keep a pipe open.
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("truvapay-\(UUID().uuidString)").path
        let output = unsafe open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard output >= 0 else { return Result(status: 127, output: "\(file) could not be made") }
        defer {
            close(output)
            _ = unsafe unlink(file)
        }
        // The user that the server runs as may not be allowed to enter our own working folder.
        guard let processID = Spawn.start(path, arguments, environment: environment, folder: "/", output: output) else {
            return Result(status: 127, output: "\(path) could not be started")
        }
        let status = Spawn.end(of: processID)
        return Result(status: status, output: (try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
    }
}
