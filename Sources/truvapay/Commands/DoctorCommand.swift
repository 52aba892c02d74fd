import ArgumentParser
import Foundation
import Operations
import Storage

/// `truvapay doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what the gateway needs: settings, files, providers, database, schema."
    )

    func run() async throws {
        var failures = 0
        failures += await DoctorCommand.check("settings") { _ = try SettingsReading.settings() }
        guard failures == 0 else { throw Refusal("the settings must be mended first", status: ExitStatus.usage) }
        let settings = try SettingsReading.settings()
        for warning in settings.warnings { print("note  \(warning)") }
        failures += await DoctorCommand.check("files beside the program") { _ = try RunTimeFiles.contents("contracts/openapi.yaml") }
        failures += await DoctorCommand.check("providers") { _ = try ProviderAssembly.registry(settings) }
        failures += await DoctorCommand.check("database and schema") {
            try await Database.withService { database in _ = try await LedgerReads.trialBalance(on: database.reading) }
        }
        print(settings.orderCore.url == nil ? "note  no ORDER_CORE_WEBHOOK_URL: notifications wait" : "note  notifications are delivered")
        guard failures == 0 else { throw Refusal("\(failures) of the checks failed") }
    }

    private static func check(_ name: String, _ body: @Sendable () async throws -> Void) async -> Int {
        do {
            try await body()
            print("good  \(name)")
            return 0
        } catch {
            print("bad   \(name): \(error)")
            return 1
        }
    }
}
