import ArgumentParser
import Foundation
import Operations
import Payments
import Providers
import Storage

/// `truvapay doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what the gateway needs: settings, files, providers, database, schema; list the webhook events to enable."
    )

    func run() async throws {
        var failures = 0
        failures += await DoctorCommand.check("settings") { _ = try SettingsReading.settings() }
        guard failures == 0 else { throw Refusal("the settings must be mended first", status: ExitStatus.usage) }
        let settings = try SettingsReading.settings()
        for warning in settings.warnings { print("note  \(warning)") }
        failures += await DoctorCommand.check("files beside the program") { _ = try RunTimeFiles.contents("contracts/openapi.yaml") }
        failures += await DoctorCommand.check("providers") { _ = try ProviderAssembly.registry(settings) }
        if settings.payPal.webhookAuthorityFile != nil || !settings.payPal.webhookCertificateHosts.isEmpty {
            print("note  PayPal's webhooks are believed on more than PayPal's own word: for sandboxes and tests only")
        }
        if settings.crypto.apiBase != nil {
            print("note  crypto is a stub: it takes coins of test networks through our own simulator, and no real money")
        }
        DoctorCommand.listEvents(settings)
        failures += await DoctorCommand.check("database and schema") {
            try await Database.withService { database in _ = try await LedgerReads.trialBalance(on: database.reading) }
        }
        print(settings.orderCore.url == nil ? "note  no ORDER_CORE_WEBHOOK_URL: notifications wait" : "note  notifications are delivered")
        guard failures == 0 else { throw Refusal("\(failures) of the checks failed") }
    }

    /// Lists for a person to tick off what has to be enabled at each provider; only the provider knows whether it is.
    private static func listEvents(_ settings: Settings) {
        guard let registry = try? ProviderAssembly.registry(settings) else { return }
        for name in registry.names.sorted(by: { $0.text < $1.text }) {
            guard let types = registry[name]?.webhookEventTypes, !types.isEmpty else { continue }
            print("tick  \(name): these events have to be enabled there for /webhooks/\(name)")
            for type in types { print("      [ ] \(type)") }
        }
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
