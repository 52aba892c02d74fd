/// Brings a database forward to the schema that this version knows.
///
/// Each step runs in a transaction of its own, which first locks the one row of `schema_lock`; of several processes that start at once, one
/// does the step and the others then find it done.
package struct Migrator: Sendable {
    private let migrations: [Migration]
    private let digest: @Sendable ([UInt8]) -> [UInt8]

    private static let attemptsMax = 60

    /// Knows the steps in order; `digest` tells whether one was changed after it had run.
    package init(migrations: [Migration], digest: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.migrations = migrations
        self.digest = digest
    }

    /// Runs what is missing and returns it.
    ///
    /// - Throws: `PostgresError` with code `migration` when the database is not one that this version may touch.
    package func migrate(connectionString: String) async throws -> [Migration] {
        let configuration = ConnectionPool.Configuration(
            connectionString: connectionString,
            minimumConnections: 0,
            maximumConnections: 1,
            acquireTimeout: .seconds(30),
            sessionSetup: ["SET lock_timeout = '2s'"],
            applicationName: "truvapay migrations"
        )
        return try await ConnectionPool.with(configuration) { try await migrate(on: $0) }
    }

    private func migrate(on pool: ConnectionPool) async throws -> [Migration] {
        try await repeating { try await pool.withSession { _ = try await $0.executeScript(Migrator.bookkeeping) } }
        var applied: [Migration] = []
        for migration in migrations {
            let isNew = try await repeating { try await pool.withSession { try await run(migration, on: $0) } }
            if isNew { applied.append(migration) }
        }
        try await pool.withSession { try await checkNothingNewer(on: $0) }
        return applied
    }

    private func run(_ migration: Migration, on session: Session) async throws -> Bool {
        _ = try await session.executeScript("BEGIN; SELECT FROM schema_lock FOR UPDATE")
        do {
            let isNew = try await step(migration, on: session)
            _ = try await session.executeScript("COMMIT")
            return isNew
        } catch {
            if session.isUsable { _ = try await session.executeScript("ROLLBACK") }
            throw error
        }
    }

    private func step(_ migration: Migration, on session: Session) async throws -> Bool {
        let checksum = digest(Array(migration.sql.utf8))
        let found = try await session.execute(Migrator.find, [.int32(Int32(migration.number))])
        if found.rowCount > 0 {
            guard try found[0].bytes(0) == checksum else {
                throw PostgresError(.migration, "migration \(migration.number) \(migration.name) was changed after it had run")
            }
            return false
        }
        _ = try await session.executeScript(migration.sql)
        _ = try await session.execute(Migrator.record, [.int32(Int32(migration.number)), .text(migration.name), .bytes(checksum)])
        return true
    }

    private func checkNothingNewer(on session: Session) async throws {
        let newest = try await session.execute(Migrator.newest)[0].int32(0)
        guard newest <= migrations.count else {
            throw PostgresError(
                .migration,
                "the database is at migration \(newest), newer than this version, which knows \(migrations.count)"
            )
        }
    }

    /// Repeats what another process's lock or catalogue change got in the way of.
    private func repeating<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        for attempt in 1... {
            do {
                return try await body()
            } catch let error as PostgresError where Migrator.isPassing(error) && attempt < Migrator.attemptsMax {
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...200)))
            }
        }
        preconditionFailure("the attempts have no end but success or an error")
    }

    /// Two processes that create one thing at once collide in the catalogue: 23505, 42P07, 42710, XX000 "tuple concurrently updated".
    private static func isPassing(_ error: PostgresError) -> Bool {
        error.isRetryable || error.sqlState.map { ["23505", "42P07", "42710", "42P06", "XX000"].contains($0) } ?? false
    }

    private static let bookkeeping = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number integer PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE IF NOT EXISTS schema_lock (only_row boolean PRIMARY KEY CHECK (only_row));
        INSERT INTO schema_lock VALUES (true) ON CONFLICT DO NOTHING;
        """
    private static let find = Statement("migration_find", "SELECT checksum FROM schema_migrations WHERE number = $1")
    private static let record = Statement(
        "migration_record",
        "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)"
    )
    private static let newest = Statement("migration_newest", "SELECT coalesce(max(number), 0) FROM schema_migrations")
}
