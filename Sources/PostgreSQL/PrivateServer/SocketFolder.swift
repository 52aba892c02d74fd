import Foundation
import Glibc

/// Where the server's socket lies: beside the data, or in a short place when that path is too long for a socket (107 bytes).
enum SocketFolder {
    private static let pathBytesMax = 85

    /// Finds or makes the folder; only its owner and root may enter it.
    ///
    /// - Throws: `PostgresServerError`.
    static func find(_ configuration: PostgresServerConfiguration, _ programs: ServerPrograms) async throws(PostgresServerError) -> String {
        let near = configuration.folder + "/socket"
        if near.utf8.count <= pathBytesMax { return try await make(near, programs) }
        let note = configuration.folder + "/socket-folder"
        if let known = try? String(contentsOfFile: note, encoding: .utf8), FileManager.default.fileExists(atPath: known) { return known }
        let short = try await make("/tmp/truvapay-\(UUID().uuidString.prefix(8).lowercased())", programs)
        guard (try? short.write(toFile: note, atomically: true, encoding: .utf8)) != nil else {
            throw PostgresServerError("\(note) cannot be written")
        }
        return short
    }

    private static func make(_ path: String, _ programs: ServerPrograms) async throws(PostgresServerError) -> String {
        if !FileManager.default.fileExists(atPath: path), unsafe mkdir(path, 0o700) != 0 { throw PostgresServerError("\(path) cannot be made") }
        try await programs.hand(over: path)
        return path
    }
}

/// Which process starts and stops the server.
struct ServerOwner {
    let file: String

    /// Whether a living process other than this one owns the server.
    var isAnotherProcess: Bool {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8), let pid = Int32(text), pid != getpid() else { return false }
        // A number that was given to another program since is no owner.
        let command = (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) ?? ""
        let own = (try? String(contentsOfFile: "/proc/self/comm", encoding: .utf8)) ?? ""
        return !command.isEmpty && command == own
    }

    func take() {
        try? String(getpid()).write(toFile: file, atomically: true, encoding: .utf8)
    }

    func leave() {
        try? FileManager.default.removeItem(atPath: file)
    }
}
