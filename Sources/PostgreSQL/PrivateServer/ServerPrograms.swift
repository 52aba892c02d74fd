import Foundation
import Glibc

/// PostgreSQL's own programs, run as the user that the server runs as.
struct ServerPrograms: Sendable {
    private let folder: String
    /// The server refuses to run as root, so then it runs as this user.
    let user: String?

    private static let serverUser = "postgres"

    /// Finds the programs, in the version that made the data if there are data.
    ///
    /// - Throws: `PostgresServerError` with code `programsNotFound` or `serverUserMissing`.
    static func find(_ configuration: PostgresServerConfiguration) async throws(PostgresServerError) -> ServerPrograms {
        let installed = (configuration.programFolders ?? folders()).filter { folder in
            ["initdb", "postgres", "pg_ctl"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
        }
        guard let first = installed.first else {
            throw PostgresServerError(
                .programsNotFound,
                "PostgreSQL's server is not installed: install the Debian package postgresql, or set DATABASE_URL"
            )
        }
        let user = try await userForServer()
        let file = try? String(contentsOfFile: configuration.data + "/PG_VERSION", encoding: .utf8)
        guard let version = file?.trimmingCharacters(in: .whitespacesAndNewlines) else { return ServerPrograms(folder: first, user: user) }
        for folder in installed where await majorVersion(of: folder) == version { return ServerPrograms(folder: folder, user: user) }
        throw PostgresServerError(
            .programsNotFound,
            "\(configuration.data) was made by PostgreSQL \(version): install the package postgresql-\(version), or use pg_upgrade"
        )
    }

    /// Debian keeps the server's programs out of the path, by version.
    private static func folders() -> [String] {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let debian = versions.compactMap(Int.init).sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return debian + path.split(separator: ":").map(String.init)
    }

    /// From "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)" the number before the point.
    private static func majorVersion(of folder: String) async -> String? {
        let words = await ChildRun.run("\(folder)/postgres", ["--version"]).output.split(separator: " ")
        return words.count > 2 ? words[2].split(whereSeparator: { !$0.isNumber }).first.map(String.init) : nil
    }

    private static func userForServer() async throws(PostgresServerError) -> String? {
        guard geteuid() == 0 else { return nil }
        guard await ChildRun.run("/usr/bin/id", ["-u", serverUser]).status == 0 else {
            throw PostgresServerError(
                .serverUserMissing,
                "PostgreSQL refuses root, and there is no user \(serverUser): install the package postgresql, or start as another user"
            )
        }
        return serverUser
    }

    /// Gives a folder to the user that the server runs as.
    ///
    /// - Throws: `PostgresServerError` with code `folderUnusable` when that user cannot reach it.
    func hand(over path: String) async throws(PostgresServerError) {
        guard let user else { return }
        guard await ChildRun.run("/bin/chown", ["--no-dereference", "\(user):", path]).status == 0 else {
            throw PostgresServerError(.folderUnusable, "\(path) could not be given to the user \(user)")
        }
        guard await !canEnter(path) else { return }
        throw PostgresServerError(
            .folderUnusable,
            "the user \(user), whom PostgreSQL runs as, may not enter \(await firstClosedFolder(to: path)): "
                + "allow it with chmod o+x, or set TRUVAPAY_HOME to a folder such as /var/lib/truvapay"
        )
    }

    private func canEnter(_ path: String) async -> Bool {
        await run(program: "/usr/bin/test", ["-x", path]).status == 0
    }

    /// The outermost folder on the way that the server's user may not enter.
    private func firstClosedFolder(to path: String) async -> String {
        var place = ""
        for name in path.split(separator: "/") {
            place += "/" + name
            if await !canEnter(place) { return place }
        }
        return path
    }

    /// Runs one of PostgreSQL's programs to its end.
    func run(_ name: String, _ arguments: [String]) async -> ChildRun.Result {
        await run(program: "\(folder)/\(name)", arguments)
    }

    private func run(program: String, _ arguments: [String]) async -> ChildRun.Result {
        guard let user else { return await ChildRun.run(program, arguments) }
        let identity = ["--reuid=\(user)", "--regid=\(user)", "--init-groups", "--", program]
        return await ChildRun.run("/usr/bin/setpriv", identity + arguments)
    }
}
