import Foundation
import Glibc

/// A PostgreSQL of our own: made when it is not there, reachable through a Unix socket only, started and stopped with the process.
///
/// After a kill -9 of this process the server lives on; the next process takes it over. A second process beside a living owner is a guest
/// and never stops the server.
package final class PostgresServer: Sendable {
    /// For libpq.
    package let connectionString: String
    private let configuration: PostgresServerConfiguration
    private let programs: ServerPrograms
    private let socketFolder: String
    private let isOwner: Bool

    private static let userName = "truvapay"
    private static let startSeconds = 120

    private init(_ configuration: PostgresServerConfiguration, _ programs: ServerPrograms, socketFolder: String, isOwner: Bool) {
        self.configuration = configuration
        self.programs = programs
        self.socketFolder = socketFolder
        self.isOwner = isOwner
        connectionString = "host=\(socketFolder) user=\(PostgresServer.userName) dbname=postgres"
    }

    /// Makes the cluster if there is none, and starts it unless it runs.
    ///
    /// - Throws: `PostgresServerError`.
    package static func start(
        _ configuration: PostgresServerConfiguration,
        progress: @escaping @Sendable (String) -> Void
    ) async throws(PostgresServerError) -> PostgresServer {
        let programs = try ServerPrograms()
        try await prepare(configuration, programs, progress)
        let socketFolder = try await SocketFolder.find(configuration, programs)
        let owner = ServerOwner(file: configuration.ownerFile)
        let server = PostgresServer(configuration, programs, socketFolder: socketFolder, isOwner: !owner.isAnotherProcess)
        if server.isOwner { owner.take() }
        if await server.isRunning() {
            progress("the private PostgreSQL is running already")
        } else {
            progress("starting the private PostgreSQL in \(configuration.data)")
            try await server.launch()
        }
        return server
    }

    /// Sees to it that the server runs, until the task is cancelled.
    package func run() async throws {
        while !Task.isCancelled {
            guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return }
            guard isOwner, !isAlive else { continue }
            // The first try can meet orphans of the dead server, which hold its memory for a moment.
            try? await launch()
        }
    }

    /// Stops the server, unless it is another process's.
    package func stop() async {
        guard isOwner else { return }
        let fast = await programs.run("pg_ctl", ["-D", configuration.data, "-m", "fast", "-w", "-t", "20", "stop"])
        if fast.status != 0 {
            _ = await programs.run("pg_ctl", ["-D", configuration.data, "-m", "immediate", "-w", "-t", "10", "stop"])
        }
        ServerOwner(file: configuration.ownerFile).leave()
    }

    private static func prepare(
        _ configuration: PostgresServerConfiguration,
        _ programs: ServerPrograms,
        _ progress: @Sendable (String) -> Void
    ) async throws(PostgresServerError) {
        do {
            let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
            try FileManager.default.createDirectory(atPath: configuration.home, withIntermediateDirectories: true, attributes: mode)
            try FileManager.default.createDirectory(
                atPath: configuration.folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw PostgresServerError("\(configuration.folder) cannot be made: set TRUVAPAY_HOME to a folder that can be written")
        }
        try await programs.hand(over: configuration.folder)
        guard !FileManager.default.fileExists(atPath: configuration.data + "/PG_VERSION") else { return }
        progress("making the private PostgreSQL in \(configuration.data)")
        // Made elsewhere and then renamed, so that a crash in the middle leaves nothing half made.
        let draft = "\(configuration.folder)/draft-\(UUID().uuidString)"
        let made = await programs.run(
            "initdb",
            ["-D", draft, "-U", userName, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        )
        guard made.status == 0, unsafe rename(draft, configuration.data) == 0 else {
            throw PostgresServerError("the private PostgreSQL could not be made: \(lastLines(made.output))")
        }
    }

    private func launch() async throws(PostgresServerError) {
        let options = configuration.settings(socketFolder: socketFolder).map { "-c \($0.0)='\($0.1)'" }.joined(separator: " ")
        let result = await programs.run(
            "pg_ctl",
            ["-D", configuration.data, "-l", configuration.log, "-o", options, "-w", "-t", String(PostgresServer.startSeconds), "start"]
        )
        guard result.status == 0 else {
            let log = (try? String(contentsOfFile: configuration.log, encoding: .utf8)) ?? result.output
            throw PostgresServerError("the private PostgreSQL did not start: \(PostgresServer.lastLines(log))")
        }
    }

    private func isRunning() async -> Bool {
        guard await programs.run("pg_ctl", ["-D", configuration.data, "status"]).status == 0 else { return false }
        return await programs.run("pg_isready", ["-q", "-t", "5", "-h", socketFolder]).status == 0
    }

    /// Whether the process that the server's own file names is alive.
    private var isAlive: Bool {
        guard let text = try? String(contentsOfFile: configuration.data + "/postmaster.pid", encoding: .utf8),
            let pid = text.split(separator: "\n").first.flatMap({ Int32($0) })
        else { return false }
        return kill(pid, 0) == 0 || errno == EPERM
    }

    private static func lastLines(_ text: String) -> String {
        text.split(separator: "\n").suffix(3).joined(separator: " / ")
    }
}
