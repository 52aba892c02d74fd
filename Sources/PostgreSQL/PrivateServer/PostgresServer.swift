import Dispatch
import Foundation
import Synchronization

/// A PostgreSQL of our own: made when it is not there, reachable through a Unix socket only, started and stopped with the process.
///
/// Several processes may use it at once, such as the service and a command beside it: each holds a share of a lock, and the last one to
/// stop stops the server. A process that is killed loses its share; the server lives on, and the next process takes it over.
package final class PostgresServer: Sendable {
    /// For libpq.
    package let connectionString: String
    private let cluster: Cluster
    /// Our share; nil once we have stopped.
    private let share: Mutex<FileLock?>

    private init(_ cluster: Cluster, socketFolder: String, share: FileLock) {
        self.cluster = cluster
        self.share = Mutex(share)
        connectionString = "host=\(PostgresServer.quoted(socketFolder)) user=\(Cluster.role) dbname=postgres"
    }

    /// Makes the cluster if there is none, and starts it unless it runs.
    ///
    /// - Throws: `PostgresServerError`.
    package static func start(
        _ configuration: PostgresServerConfiguration,
        progress: @escaping @Sendable (String) -> Void
    ) async throws(PostgresServerError) -> PostgresServer {
        let programs = try await ServerPrograms.find(configuration)
        try await prepareFolders(configuration, programs)
        let share = try FileLock(configuration.usersFile)
        return try await inTurn(configuration, progress) { () async throws(PostgresServerError) in
            let socketFolder = try await SocketFolder.find(configuration, programs)
            let cluster = Cluster(configuration: configuration, programs: programs, socketFolder: socketFolder, progress: progress)
            try await cluster.make()
            let actual = try await cluster.bringUp()
            guard share.takeShared() else { throw busy(configuration) }
            return PostgresServer(cluster, socketFolder: actual, share: share)
        }
    }

    /// Sees to it that the server runs, until it is stopped or the task is cancelled.
    package func run() async throws {
        var restarts = RestartPause()
        while isInUse, (try? await Task.sleep(for: .milliseconds(200))) != nil {
            guard cluster.running == nil, isInUse else { continue }
            let pause = restarts.pause(at: .now)
            guard (try? await Task.sleep(for: pause)) != nil else { return }
            await restart()
        }
    }

    private func restart() async {
        do {
            try await PostgresServer.inTurn(cluster.configuration, cluster.progress) { () async throws(PostgresServerError) in
                guard isInUse, cluster.running == nil else { return }
                cluster.progress("the private PostgreSQL has ended and is started again")
                _ = try await cluster.bringUp()
            }
        } catch {
            cluster.progress(error.description)
        }
    }

    /// Gives the server up, and stops it when no other process uses it; a second call does nothing.
    package func stop() async {
        guard let share = share.withLock({ $0.take() }) else { return }
        do {
            try await PostgresServer.inTurn(cluster.configuration, cluster.progress) { () async throws(PostgresServerError) in
                guard share.takeAlone() else { return }
                await cluster.stop()
            }
        } catch {
            cluster.progress("the private PostgreSQL goes on running: \(error.description)")
        }
    }

    private var isInUse: Bool { share.withLock { $0 != nil } }

    /// Does something while no other process makes, starts or stops the server.
    private static func inTurn<Value: Sendable>(
        _ configuration: PostgresServerConfiguration,
        _ progress: @Sendable (String) -> Void,
        _ body: () async throws(PostgresServerError) -> Value
    ) async throws(PostgresServerError) -> Value {
        let turn = try FileLock(configuration.turnFile)
        let deadline = ContinuousClock.now + configuration.startLimit + configuration.stopLimit
        var isTold = false
        while !turn.takeAlone() {
            if !isTold { progress("waiting for another process that starts or stops the private PostgreSQL") }
            isTold = true
            await shortRest()
            guard ContinuousClock.now < deadline else { throw busy(configuration) }
        }
        defer { withExtendedLifetime(turn) {} }
        return try await body()
    }

    /// Not `Task.sleep`, which a cancelled task skips: a stop in a cancelled task waits too, for nobody else would stop the server.
    private static func shortRest() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) { continuation.resume() }
        }
    }

    private static func busy(_ configuration: PostgresServerConfiguration) -> PostgresServerError {
        PostgresServerError(.busy, "another process starts or stops the server in \(configuration.folder): try again, or end that process")
    }

    private static func prepareFolders(
        _ configuration: PostgresServerConfiguration,
        _ programs: ServerPrograms
    ) async throws(PostgresServerError) {
        // pg_ctl puts paths between double quotes into a shell's command, and escapes nothing in them.
        guard !configuration.home.contains(where: { "\"$`\\\n".contains($0) }) else {
            throw PostgresServerError(
                .folderUnusable,
                "the path \(configuration.home) has one of \" $ ` \\, which PostgreSQL's programs cannot take: set TRUVAPAY_HOME to another"
            )
        }
        do {
            for (path, mode) in [(configuration.home, 0o755), (configuration.folder, 0o700)] {
                let attributes: [FileAttributeKey: Any] = [.posixPermissions: mode]
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: attributes)
            }
        } catch {
            throw PostgresServerError(
                .folderUnusable,
                "\(configuration.folder) cannot be made: set TRUVAPAY_HOME to a folder that can be written"
            )
        }
        try await programs.hand(over: configuration.folder)
    }

    /// A value of a connection string (PostgreSQL documentation, libpq, "Keyword/Value Connection Strings").
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
