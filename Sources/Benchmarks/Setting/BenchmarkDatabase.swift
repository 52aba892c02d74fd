import Foundation
import PostgreSQL
import Storage

/// A PostgreSQL of its own, durable as in production, with the whole schema, and gone afterwards.
struct BenchmarkDatabase {
    let connectionString: String
    let pool: ConnectionPool

    /// Runs `body` with a fresh database.
    static func with(_ body: (BenchmarkDatabase) async throws -> Void) async throws {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent("truvapay-benchmark-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: home) }
        var configuration = PostgresServerConfiguration(home: home, durability: .durable)
        // Tells when each event was committed; it costs the server a little, so only the benchmark has it.
        configuration.extraSettings = ["track_commit_timestamp": "on"]
        let server = try await PostgresServer.start(configuration) { _ in }
        do {
            try await runWithPool(server.connectionString, body)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private static func runWithPool(_ connectionString: String, _ body: (BenchmarkDatabase) async throws -> Void) async throws {
        _ = try await StorageMigrations.migrator().migrate(connectionString: connectionString)
        let configuration = ConnectionPool.Configuration(
            connectionString: connectionString,
            maximumConnections: 8,
            acquireTimeout: .seconds(60),
            sessionSetup: StorageSession.setup
        )
        let pool = ConnectionPool(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            defer { group.cancelAll() }
            try await body(BenchmarkDatabase(connectionString: connectionString, pool: pool))
        }
    }
}
