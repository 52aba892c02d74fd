import PostgreSQL
import ArgumentParser
import Storage

/// `truvapay migrate`.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database to this version's schema; harmless when it is there already."
    )

    func run() async throws {
        let settings = try SettingsReading.settings()
        let server = try await Database.server(settings) { StandardError.write($0) }
        do {
            let applied = try await StorageMigrations.migrator().migrate(connectionString: server.connectionString)
            for migration in applied { print("applied \(migration.number) \(migration.name)") }
            if applied.isEmpty { print("the schema is current") }
        } catch {
            await server.stopIfOwned()
            throw error
        }
        await server.stopIfOwned()
    }
}
