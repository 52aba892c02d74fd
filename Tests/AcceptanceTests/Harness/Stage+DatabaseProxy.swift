import Foundation
import TestSupport
import Testing

extension Stage {
    /// Runs `body` on a stage whose gateway reaches its database through a proxy.
    static func runBehindProxy(
        changes: [String: String] = [:],
        simulators: [String] = [],
        _ body: @escaping @Sendable (Stage, DatabaseProxy) async throws -> Void
    ) async throws {
        let database = try await TestDatabase.migrated().connectionString
        let fields = Dictionary(
            uniqueKeysWithValues: database.split(separator: " ").compactMap { field -> (String, String)? in
                let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
                return parts.count == 2 ? (parts[0], parts[1].trimmingCharacters(in: ["'"])) : nil
            }
        )
        let proxy = try DatabaseProxy(socketFolder: try #require(fields["host"]))
        defer { proxy.close() }
        let through = fields.merging(["host": "127.0.0.1", "port": "\(proxy.port)", "sslmode": "disable"]) { _, new in new }
        let connection = through.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        try await run(database: connection, changes: changes, simulators: simulators) { stage, _ in
            try await body(stage, proxy)
        }
    }
}
