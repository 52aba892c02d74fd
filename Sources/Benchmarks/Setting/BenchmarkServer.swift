import Foundation
import PostgreSQL
import Storage

/// A PostgreSQL of its own, durable as in production, gone afterwards; everything that is compared runs in databases of this one server.
struct BenchmarkServer: Sendable {
    /// Its first process.
    let process: Int32
    /// Where its socket is.
    let socketFolder: String
    private let connectionString: String

    /// Runs `body` with a fresh server.
    static func with<Value>(extraSettings: [String: String] = [:], _ body: (BenchmarkServer) async throws -> Value) async throws -> Value {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent("truvapay-benchmark-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: home) }
        var configuration = PostgresServerConfiguration(home: home, durability: .durable)
        configuration.extraSettings = extraSettings
        let server = try await PostgresServer.start(configuration) { _ in }
        do {
            let value = try await body(BenchmarkServer(server, home: home))
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    /// Reads from the server's own file what it is.
    private init(_ server: PostgresServer, home: String) throws {
        let file = try String(contentsOfFile: home + "/postgresql/data/postmaster.pid", encoding: .utf8)
        let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 4, let process = Int32(lines[0]) else { throw BenchmarkError("postmaster.pid is not as expected") }
        self.process = process
        socketFolder = String(lines[4])
        connectionString = server.connectionString
    }

    /// The role that owns everything.
    var user: String {
        let word = connectionString.split(separator: " ").first { $0.hasPrefix("user=") }
        return word.map { String($0.dropFirst("user=".count)) } ?? ""
    }

    /// The folder of PostgreSQL's programs.
    var programs: String {
        URL(fileURLWithPath: "/proc/\(process)/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    }

    /// Creates an empty database.
    ///
    /// - Returns: how to connect to it.
    func createDatabase(_ name: String) throws -> String {
        try Replay.script("CREATE DATABASE \(name)", on: connectionString)
        return connectionString.replacing("dbname=postgres", with: "dbname=\(name)")
    }

    /// Creates a database with the whole schema and runs `body` with it.
    func withDatabase<Value: Sendable>(_ name: String, _ body: (BenchmarkDatabase) async throws -> Value) async throws -> Value {
        let database = try createDatabase(name)
        _ = try await StorageMigrations.migrator().migrate(connectionString: database)
        return try await BenchmarkServer.withPool(database, setup: StorageSession.setup) { pool in
            try await body(BenchmarkDatabase(connectionString: database, pool: pool, ledger: Ledger(pool: pool), server: process))
        }
    }

    /// Runs `body` with a pool that lives as long.
    static func withPool<Value: Sendable>(
        _ connectionString: String,
        setup: [String],
        _ body: (ConnectionPool) async throws -> Value
    ) async throws -> Value {
        let configuration = ConnectionPool.Configuration(
            connectionString: connectionString,
            maximumConnections: 8,
            acquireTimeout: .seconds(60),
            sessionSetup: setup
        )
        return try await ConnectionPool.with(configuration, body)
    }
}

/// A database with the whole schema, and a pool as the gateway has it.
struct BenchmarkDatabase: Sendable {
    let connectionString: String
    let pool: ConnectionPool
    /// The books in it.
    let ledger: Ledger
    /// The server's first process.
    let server: Int32
}
