import PostgreSQL
import TestSupport

/// A database that is only read, so that many tests can share it.
enum Asking {
    private static let database = Task { try await TestDatabase.empty() }

    /// What one statement answers.
    static func result(_ sql: String, _ parameters: Parameter...) async throws -> QueryResult {
        try await ConnectionPool.with(.init(connectionString: database.value.connectionString, acquireTimeout: .seconds(120))) {
            try await $0.execute(Statement("asked", sql), parameters)
        }
    }

    /// The first row that one statement answers.
    static func row(_ sql: String, _ parameters: Parameter...) async throws -> Row {
        try await ConnectionPool.with(.init(connectionString: database.value.connectionString, acquireTimeout: .seconds(120))) {
            try await $0.execute(Statement("asked", sql), parameters)[0]
        }
    }
}

extension ConnectionPool {
    /// The first number of the first row.
    func number(_ sql: String, _ parameters: Parameter...) async throws -> Int64 {
        try await execute(Statement(sql.statementName, sql), parameters)[0].int64(0)
    }

    /// Runs statements for themselves.
    func script(_ sql: String) async throws {
        _ = try await withSession { try await $0.executeScript(sql) }
    }

    /// How many sessions of a name the server has, of those that `condition` selects.
    func sessionCount(named name: String, where condition: String = "true") async throws -> Int64 {
        try await number("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND (\(condition))", .text(name))
    }
}

extension String {
    /// A name for a statement of a test; the server keeps 63 bytes of a name.
    var statementName: String { "test \(hashValue)" }
}
