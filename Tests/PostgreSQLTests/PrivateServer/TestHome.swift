import Foundation
import Glibc
import PostgreSQL
import TestSupport

/// A folder for a server of a test's own.
struct TestHome: Sendable {
    let path: String
    private let parent: String

    init(name: String = "home") throws {
        parent = "/tmp/truvapay-home-\(UUID().uuidString.prefix(8))"
        path = parent + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    func start(durability: PostgresServerConfiguration.Durability = .forTests) async throws -> PostgresServer {
        var configuration = PostgresServerConfiguration(home: path, durability: durability)
        configuration.extraSettings = ["shared_buffers": "16MB", "max_connections": "20"]
        return try await PostgresServer.start(configuration) { _ in }
    }

    private var file: [Substring] {
        let text = try? String(contentsOfFile: path + "/postgresql/data/postmaster.pid", encoding: .utf8)
        return text?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    }

    /// The server's process, by the server's own file.
    var processID: Int32? { file.first.flatMap { Int32($0) } }

    var isReady: Bool { file.count > 7 && file[7].hasPrefix("ready") }

    /// A shell's arguments that run a program as the user that the server runs as.
    func asServerUser(_ command: [String]) -> [String] {
        let identity = geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --init-groups -- " : ""
        return ["-c", "exec \(identity)\(command.joined(separator: " "))"]
    }

    func remove() {
        if let processID, processID > 1 { kill(processID, SIGQUIT) }
        if let short = try? String(contentsOfFile: path + "/postgresql/socket-folder", encoding: .utf8) {
            try? FileManager.default.removeItem(atPath: short)
        }
        try? FileManager.default.removeItem(atPath: parent)
    }
}

extension PostgresServer {
    func write(_ number: Int) async throws {
        _ = try await text("CREATE TABLE kept (number int)", "INSERT INTO kept VALUES (\(number))", "SELECT ''")
    }

    func read() async throws -> Int? {
        Int(try await text("SELECT number::text FROM kept"))
    }

    /// The first value that the last statement gives.
    func text(_ statements: String...) async throws -> String {
        try await ConnectionPool.with(ConnectionPool.Configuration(connectionString: connectionString)) { pool in
            var result = ""
            for (number, sql) in statements.enumerated() {
                let rows = try await pool.execute(Statement("test \(number) \(sql.hashValue)", sql))
                result = try rows.rows.first?.text(0) ?? ""
            }
            return result
        }
    }
}
