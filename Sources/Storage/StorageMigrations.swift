import Cryptography
import Foundation
package import PostgreSQL

/// The steps of the schema, read from the `.sql` files that travel with the program.
package enum StorageMigrations {
    /// All steps in order.
    ///
    /// - Throws: `StorageError` when the files are missing or badly named.
    package static func all() throws -> [Migration] {
        guard let folder = Bundle.module.resourceURL?.appendingPathComponent("Migrations") else {
            throw StorageError("the migrations are missing")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }.sorted()
        return try files.enumerated().map { index, file in
            guard file.prefix(4) == String(format: "%04d", index + 1) else { throw StorageError("migration \(file) is out of order") }
            let sql = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            return Migration(number: index + 1, name: String(file.dropFirst(5).dropLast(4)), sql: sql)
        }
    }

    /// A migrator for all steps, or for the first of them.
    ///
    /// - Throws: `StorageError` when the files are missing or badly named.
    package static func migrator(upTo last: Int = .max) throws -> Migrator {
        Migrator(migrations: try all().filter { $0.number <= last }) { SHA256.digest($0) }
    }
}

/// What every session of the service sets.
package enum StorageSession {
    /// Works as a role that cannot change what was written once, and never holds a lock for long: a process that stands still in a
    /// transaction loses it, and with it its claims.
    package static let setup = [
        "SET ROLE truvapay_service",
        "SET TIME ZONE 'UTC'",
        "SET idle_in_transaction_session_timeout = '10s'",
        "SET statement_timeout = '30s'",
        "SET lock_timeout = '10s'",
    ]
}

/// A stored value that cannot be read back; names the column, never the value.
package struct StorageError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
