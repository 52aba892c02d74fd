import Foundation
import Glibc

/// PostgreSQL's own programs, run as the user that the server runs as.
struct ServerPrograms: Sendable {
    private let folder: String
    /// The server refuses to run as root, so then it runs as this user.
    private let user: String?

    /// Finds the programs.
    ///
    /// - Throws: `PostgresServerError` when they are not installed.
    init() throws(PostgresServerError) {
        guard let folder = ServerPrograms.folders().first(where: { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }) else {
            throw PostgresServerError("PostgreSQL is not installed: install the Debian package postgresql, or set DATABASE_URL")
        }
        self.folder = folder
        user = geteuid() == 0 ? "postgres" : nil
    }

    /// Debian keeps the server's programs out of the path, by version.
    private static func folders() -> [String] {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let debian = versions.compactMap(Int.init).sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return debian + path.split(separator: ":").map(String.init)
    }

    /// Whether files have to be given to another user.
    var runsAsOtherUser: Bool { user != nil }

    /// Gives a folder to the user that the server runs as.
    ///
    /// - Throws: `PostgresServerError` when that user cannot reach it.
    func hand(over path: String) async throws(PostgresServerError) {
        guard let user else { return }
        guard await ChildRun.run("/bin/chown", ["-R", "\(user):", path]).status == 0 else {
            throw PostgresServerError("\(path) could not be given to the user \(user)")
        }
        guard await run("test", ["-x", path], program: "/usr/bin/test").status == 0 else {
            throw PostgresServerError("the user \(user) cannot reach \(path): set TRUVAPAY_HOME to a folder that it can, such as /var/lib/truvapay")
        }
    }

    /// Runs one of PostgreSQL's programs to its end.
    func run(_ name: String, _ arguments: [String], program: String? = nil) async -> (status: Int32, output: String) {
        let path = program ?? "\(folder)/\(name)"
        guard let user else { return await ChildRun.run(path, arguments) }
        let identity = ["--reuid=\(user)", "--regid=\(user)", "--init-groups", "--", path]
        return await ChildRun.run("/usr/bin/setpriv", identity + arguments)
    }
}
