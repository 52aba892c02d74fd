import Foundation
import Glibc

/// What the server writes about itself into `postmaster.pid`, by line (PostgreSQL, `utils/pidfile.h`).
struct PostmasterFile {
    /// The server's state, from the file's eighth line.
    enum Status {
        case starting, ready, stopping
    }

    let processID: Int32
    let socketFolder: String
    let status: Status
    private let path: String
    private let dataFolder: String
    private let lines: [Substring]

    /// Larger than any process number of Linux, whose limit is 4,194,304 (proc(5), `pid_max`).
    private static let impossibleProcessID = Int32.max

    /// Reads the file; nil when there is none, or when it is not complete yet.
    init?(dataFolder: String) {
        path = dataFolder + "/postmaster.pid"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1, let processID = Int32(lines[0]), processID > 0 else { return nil }
        self.processID = processID
        self.dataFolder = dataFolder
        socketFolder = lines.count > 4 ? String(lines[4]) : ""
        status = PostmasterFile.status(lines.count > 7 ? lines[7] : "")
    }

    private static func status(_ line: Substring) -> Status {
        switch line.prefix(while: { $0 != " " }) {
        case "ready", "standby": .ready
        case "stopping": .stopping
        default: .starting
        }
    }

    /// Whether the process is alive and is a server for this data, not something else that got its number, and not a zombie.
    var isServer: Bool {
        guard let command = FileManager.default.contents(atPath: "/proc/\(processID)/cmdline") else { return false }
        let arguments = command.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard let program = arguments.first?.split(separator: "/").last, program == "postgres" || program == "postmaster" else {
            return false
        }
        return arguments.contains(dataFolder) || arguments.contains(String(lines[1]))
    }

    /// Sees to it that a file of a dead server does not keep a new one from starting.
    ///
    /// The server refuses when any process has the number in the file, as happens after a restart of a container. The rest of the file
    /// stays, for from it the server finds out whether orphans of the dead one still use its memory.
    func releaseNumber() throws {
        guard !isServer, kill(processID, 0) == 0 else { return }
        let text = ([Substring(String(PostmasterFile.impossibleProcessID))] + lines.dropFirst()).joined(separator: "\n")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}
