import Cryptography
import Foundation
import Gateway
import Glibc
import Logging
import Operations
import PostgreSQL
import Storage

/// The database of a process: the one that `DATABASE_URL` names, or a private one that is started and stopped with the process.
struct Database: Sendable {
    let pool: ConnectionPool
    /// For reading only.
    let reading: ConnectionPool
    let surroundings: Surroundings

    /// For a process without workers: what is put into a queue is found by those that run.
    var operators: OperatorRequests {
        OperatorRequests(pool: pool, surroundings: surroundings, processing: WorkSignal(), delivery: WorkSignal())
    }

    var keys: APIKeys { APIKeys(pool: pool, surroundings: surroundings) }

    /// A process's database server, when it is the process's own.
    struct Server: Sendable {
        let connectionString: String
        let own: PostgresServer?
    }

    /// Finds or starts the server.
    static func server(_ settings: Settings, progress: @escaping @Sendable (String) -> Void) async throws -> Server {
        if let connectionString = settings.database.connectionString {
            return Server(connectionString: connectionString.exposed, own: nil)
        }
        let home = URL(fileURLWithPath: settings.home).standardizedFileURL.path
        let own = try await PostgresServer.start(PostgresServerConfiguration(home: home, durability: .durable), progress: progress)
        return Server(connectionString: own.connectionString, own: own)
    }

    /// Connects pools to a server.
    init(connectionString: String, settings: Settings, surroundings: Surroundings = .system) {
        pool = ConnectionPool(
            configuration: Database.configuration(connectionString, settings, setup: StorageSession.setup, name: "truvapay")
        )
        reading = ConnectionPool(
            configuration: Database.configuration(
                connectionString,
                settings,
                setup: StorageSession.setup + ["SET default_transaction_read_only = on"],
                name: "truvapay reading"
            )
        )
        self.surroundings = surroundings
    }

    private static func configuration(
        _ connectionString: String,
        _ settings: Settings,
        setup: [String],
        name: String
    ) -> ConnectionPool.Configuration {
        ConnectionPool.Configuration(
            connectionString: connectionString,
            minimumConnections: settings.database.poolMinimum,
            maximumConnections: settings.database.poolMaximum,
            waitersMax: 2000,
            acquireTimeout: .seconds(1),
            connectTimeout: .seconds(3),
            sessionSetup: setup,
            applicationName: name
        )
    }

    /// Runs a short command against the database, which is started for it where it is private and not running.
    static func withService(_ body: @escaping @Sendable (Database) async throws -> Void) async throws {
        let settings = try SettingsReading.settings()
        let server = try await server(settings) { _ in }
        do {
            try await withMigratedDatabase(server.connectionString, settings, body)
        } catch {
            await server.stopIfOwned()
            throw error
        }
        await server.stopIfOwned()
    }

    private static func withMigratedDatabase(
        _ connectionString: String,
        _ settings: Settings,
        _ body: @escaping @Sendable (Database) async throws -> Void
    ) async throws {
        _ = try await StorageMigrations.migrator().migrate(connectionString: connectionString)
        let database = Database(connectionString: connectionString, settings: settings)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await database.pool.run() }
            group.addTask { await database.reading.run() }
            try await body(database)
            group.cancelAll()
        }
    }
}

extension Database.Server {
    /// Stops the server unless another process uses it or it is not ours.
    func stopIfOwned() async {
        await own?.stop()
    }
}
