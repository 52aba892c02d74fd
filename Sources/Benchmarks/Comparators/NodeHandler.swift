import Foundation
import PostgreSQL

/// A webhook handler in Node with Express and pg that does what the guide would, when these are there.
// Safety: the process is started in the initialiser; afterwards only its state is read, and `stop` is called once.
final class NodeHandler: MeasuredServer, @unchecked Sendable {
    /// How it is run.
    struct Way: Sendable {
        /// Processes of the cluster; one is run without a cluster.
        let processes: Int
        /// Connections to the database of each process.
        let connections: Int

        var name: String { "\(processes == 1 ? "1 process" : "\(processes) processes"), \(connections) database connections each" }
    }

    static let ways = [1, 2].flatMap { processes in [10, 32].map { Way(processes: processes, connections: $0) } }

    let port: Int
    private let process: Process

    var identifier: Int32 { process.processIdentifier }

    /// Starts it on a database that has its schema.
    init(_ way: Way, server: BenchmarkServer, database: String, modules: String?) async throws {
        guard let node = ProgramRun.find("node") else { throw BenchmarkError("node is not installed") }
        port = try FreePort.find()
        process = Process()
        process.executableURL = URL(fileURLWithPath: node)
        process.arguments = ["scripts/benchmarks/node-handler.js"]
        process.environment = NodeHandler.environment(modules).merging([
            "PORT": "\(port)", "PROCESSES": "\(way.processes)", "CONNECTIONS": "\(way.connections)",
            "STRIPE_WEBHOOK_SECRET": StripeEvents.secret, "NODE_ENV": "production",
            "PGHOST": server.socketFolder, "PGUSER": server.user, "PGDATABASE": database,
        ]) { _, new in new }
        try process.run()
        try await process.waitUntilListening(port: port, named: "the handler in Node")
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// The versions of Node and its modules, or why there is nothing to compare with.
    static func versions(modules: String?) async -> Result<String, BenchmarkError> {
        guard let node = ProgramRun.find("node") else { return .failure(BenchmarkError("node is not installed")) }
        let script = """
            const version = name => name + ' ' + require(name + '/package.json').version
            console.log('node ' + process.version + ', ' + version('express') + ', ' + version('pg'))
            """
        do {
            let text = try await ProgramRun.output(of: node, ["-e", script], environment: environment(modules))
            return .success(text.trimmingCharacters(in: .whitespacesAndNewlines))
        } catch {
            return .failure(BenchmarkError("express or pg is not found; scripts/benchmarks/fetch-node-modules.sh fetches both"))
        }
    }

    private static func environment(_ modules: String?) -> [String: String] {
        ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"].merging(
            modules.map { ["NODE_PATH": "\($0)/usr/share/nodejs"] } ?? [:]
        ) { $1 }
    }
}
