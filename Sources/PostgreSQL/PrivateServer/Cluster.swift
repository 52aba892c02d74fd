import Foundation
import Glibc

/// The server's data on disk and what is done with them; whoever calls has the turn.
struct Cluster: Sendable {
    let configuration: PostgresServerConfiguration
    let programs: ServerPrograms
    let socketFolder: String
    let progress: @Sendable (String) -> Void

    static let role = "truvapay"

    // Texts are compared by their bytes, which takes a fraction of what a locale's rules take and orders UTF-8 the same. A new segment of
    // the log is filled with zeros while all commits wait: 50 ms for the usual 16 MB.
    private static let forms = ["-E", "UTF8", "--locale=C", "--wal-segsize=1"]

    /// Orphans of a server that was killed end within moments, but not before they notice.
    private static let orphanAttemptsMax = 15
    private static let logBytesMax: UInt64 = 16 << 20

    /// Makes the data if there are none, elsewhere first and then renamed, so that a crash in the middle leaves nothing half made.
    ///
    /// - Throws: `PostgresServerError` with code `creationFailed`.
    func make() async throws(PostgresServerError) {
        removeDrafts()
        guard !FileManager.default.fileExists(atPath: configuration.data + "/PG_VERSION") else { return }
        progress("making the private PostgreSQL in \(configuration.data)")
        let draft = "\(configuration.folder)/draft-\(getpid())"
        let durability = configuration.durability == .durable ? ["--data-checksums"] : ["--no-sync"]
        let made = await programs.run(
            "initdb",
            ["-D", draft, "-U", Cluster.role, "--auth-local=trust", "--auth-host=reject"] + Cluster.forms + durability
        )
        guard made.status == 0, unsafe rename(draft, configuration.data) == 0 else {
            throw PostgresServerError(.creationFailed, "the private PostgreSQL could not be made: \(Cluster.lastLines(made.output))")
        }
    }

    private func removeDrafts() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: configuration.folder)) ?? []
        for name in names where name.hasPrefix("draft-") { try? FileManager.default.removeItem(atPath: "\(configuration.folder)/\(name)") }
    }

    /// The server that runs now.
    var running: PostmasterFile? {
        PostmasterFile(dataFolder: configuration.data).flatMap { $0.isServer ? $0 : nil }
    }

    /// Sees to it that the server runs and answers, and returns the folder of its socket; a server that runs already is taken over.
    ///
    /// - Throws: `PostgresServerError` with code `startFailed` or `notAnswering`.
    func bringUp() async throws(PostgresServerError) -> String {
        let start = ContinuousClock.now
        var told = Duration.zero
        while let server = running {
            if server.status == .ready, await answers(server) { return server.socketFolder }
            let waited = ContinuousClock.now - start
            guard waited < configuration.startLimit, (try? await Task.sleep(for: .milliseconds(100))) != nil else {
                throw PostgresServerError(.notAnswering, notAnswering(server))
            }
            if waited >= told {
                progress("waiting for the private PostgreSQL, which is \(server.status): \(waited.components.seconds) s")
                told = waited + .seconds(5)
            }
        }
        try await launch()
        return socketFolder
    }

    private func notAnswering(_ server: PostmasterFile) -> String {
        "the private PostgreSQL (process \(server.processID)) runs and does not answer: read \(configuration.log) and end the process"
    }

    private func answers(_ server: PostmasterFile) async -> Bool {
        await programs.run("pg_isready", ["-q", "-t", "3", "-h", server.socketFolder, "-U", Cluster.role]).status == 0
    }

    private func launch() async throws(PostgresServerError) {
        progress("starting the private PostgreSQL in \(configuration.data)")
        shortenLog()
        for attempt in 1...Cluster.orphanAttemptsMax {
            clearTracks()
            let logBytes = Cluster.size(of: configuration.log)
            let result = await startProgram()
            if result.status == 0 { return }
            if let server = running { throw PostgresServerError(.notAnswering, notAnswering(server)) }
            let log = Cluster.text(of: configuration.log, from: logBytes)
            let isOrphaned = log.contains("shared memory block")
            guard isOrphaned, attempt < Cluster.orphanAttemptsMax, (try? await Task.sleep(for: .seconds(1))) != nil else {
                throw PostgresServerError(
                    .startFailed,
                    "the private PostgreSQL did not start: \(Cluster.lastLines(log.isEmpty ? result.output : log))"
                )
            }
            progress("waiting for processes that an earlier private PostgreSQL left behind")
        }
    }

    /// Files of a dead server make a new one refuse as long as any process, a zombie included, has the dead one's number.
    private func clearTracks() {
        try? PostmasterFile(dataFolder: configuration.data)?.releaseNumber()
        for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"] { try? FileManager.default.removeItem(atPath: "\(socketFolder)/\(name)") }
    }

    /// pg_ctl puts the server into a session of its own, so that Ctrl-C does not reach it, and waits until it answers.
    private func startProgram() async -> ChildRun.Result {
        let options = configuration.settings(socketFolder: socketFolder).map { "-c \($0.name)=\(Cluster.shellQuoted($0.value))" }
        let limit = String(configuration.startLimit.components.seconds)
        let arguments = [
            "-D", configuration.data, "-l", configuration.log, "-o", options.joined(separator: " "), "-w", "-t", limit, "start",
        ]
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await tellThatItTakesLong() }
            defer { group.cancelAll() }
            return await programs.run("pg_ctl", arguments)
        }
    }

    private func tellThatItTakesLong() async {
        var seconds = 0
        while (try? await Task.sleep(for: .seconds(5))) != nil {
            seconds += 5
            progress("the private PostgreSQL is still starting, after a crash it first recovers: \(seconds) s")
        }
    }

    /// Lets open transactions end with an error and stops the server; if that takes too long, at once.
    func stop() async {
        guard running != nil else { return }
        let limit = String(configuration.stopLimit.components.seconds)
        let fast = await programs.run("pg_ctl", ["-D", configuration.data, "-m", "fast", "-w", "-t", limit, "stop"])
        guard fast.status != 0, running != nil else { return }
        progress("the private PostgreSQL does not stop in \(limit) s and is stopped at once")
        _ = await programs.run("pg_ctl", ["-D", configuration.data, "-m", "immediate", "-w", "-t", "10", "stop"])
    }

    private func shortenLog() {
        guard Cluster.size(of: configuration.log) > Cluster.logBytesMax else { return }
        _ = unsafe rename(configuration.log, configuration.log + ".1")
    }

    private static func size(of path: String) -> UInt64 {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.uint64Value ?? 0
    }

    private static func text(of path: String, from offset: UInt64) -> String {
        guard let file = FileHandle(forReadingAtPath: path), (try? file.seek(toOffset: offset)) != nil else { return "" }
        return String(decoding: (try? file.read(upToCount: 1 << 16)) ?? Data(), as: UTF8.self)
    }

    /// The lines that tell why, or the last ones.
    private static func lastLines(_ text: String) -> String {
        let lines = text.split(separator: "\n")
        let reasons = lines.filter { $0.contains("FATAL:") || $0.contains("PANIC:") }
        return (reasons.isEmpty ? lines : reasons).suffix(3).joined(separator: " / ")
    }

    /// pg_ctl hands the options to a shell.
    private static func shellQuoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
