import Foundation
package import PostgreSQL
import Storage

/// A database of its own for a suite, in a server that the test process shares.
package struct TestDatabase: Sendable {
    package let connectionString: String

    /// A database that is there already.
    package init(connectionString: String) {
        self.connectionString = connectionString
    }

    /// An empty database.
    package static func empty() async throws -> TestDatabase {
        try await TestServer.shared.makeDatabase(template: nil)
    }

    /// A database with the whole schema.
    package static func migrated() async throws -> TestDatabase {
        try await TestServer.shared.makeDatabase(template: TestServer.shared.migratedTemplate())
    }

    /// Runs `body` with a pool of the service's own kind.
    package func withPool<Value: Sendable>(
        connections: Int = 8,
        setup: [String] = StorageSession.setup,
        _ body: (ConnectionPool) async throws -> Value
    ) async throws -> Value {
        let configuration = ConnectionPool.Configuration(
            connectionString: connectionString,
            maximumConnections: connections,
            acquireTimeout: .seconds(20),
            sessionSetup: setup
        )
        return try await ConnectionPool.with(configuration, body)
    }
}

/// The server that all suites of a test process share; a watcher stops it when the process is gone.
package actor TestServer {
    package static let shared = TestServer()

    private var starting: Task<String, any Error>?
    private var template: Task<String, any Error>?
    private var count = 0

    /// Makes a database, from a template when one is named.
    func makeDatabase(template: String?) async throws -> TestDatabase {
        let server = try await connectionString()
        count += 1
        let name = "test_\(getpid())_\(count)"
        try await create(name, template: template, server)
        return TestDatabase(connectionString: server + " dbname=\(name)")
    }

    /// The name of a database with the whole schema, made once.
    func migratedTemplate() async throws -> String {
        if let template { return try await template.value }
        let task = Task { () -> String in
            let server = try await connectionString()
            let name = "template_\(getpid())"
            try await create(name, template: nil, server)
            _ = try await StorageMigrations.migrator().migrate(connectionString: server + " dbname=\(name)")
            return name
        }
        template = task
        return try await task.value
    }

    private func create(_ name: String, template: String?, _ server: String) async throws {
        let configuration = ConnectionPool.Configuration(
            connectionString: server + " dbname=postgres",
            acquireTimeout: .seconds(120),
            connectTimeout: .seconds(60)
        )
        let source = template.map { " TEMPLATE \($0) STRATEGY wal_log" } ?? ""
        _ = try await ConnectionPool.with(configuration) { pool in
            try await pool.withSession { try await $0.executeScript("CREATE DATABASE \(name)\(source)") }
        }
    }

    /// The server's address without a database.
    package func connectionString() async throws -> String {
        if let starting { return try await starting.value }
        let task = Task { () -> String in
            let home = "/tmp/truvapay-test-\(getpid())"
            let server = try await PostgresServer.start(PostgresServerConfiguration(home: home, durability: .forTests)) { _ in }
            TestServer.watch(home: home)
            return server.connectionString.replacingOccurrences(of: " dbname=postgres", with: "")
        }
        starting = task
        return try await task.value
    }

    /// A small shell waits for this process to end, however it does, then stops the server and removes its files.
    private static func watch(home: String) {
        let script = """
            while kill -0 \(getpid()) 2>/dev/null; do sleep 0.5; done
            kill -QUIT "$(head -1 \(home)/postgresql/data/postmaster.pid)" 2>/dev/null
            sleep 0.5
            rm -rf \(home)
            """
        _ = Spawn.start("/bin/sh", ["-c", script], environment: ["PATH=/usr/bin:/bin"], folder: nil, output: nil)
    }
}
