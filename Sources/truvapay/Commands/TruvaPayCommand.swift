import ArgumentParser

/// The program with all its commands.
struct TruvaPayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "truvapay",
        abstract: "Payment and webhook gateway with a double-entry ledger.",
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, MigrateCommand.self, SimulateCommand.self, DemonstrateCommand.self, LedgerCommand.self, WebhooksCommand.self,
            NotificationsCommand.self, KeysCommand.self, QRCommand.self, StatesCommand.self, DoctorCommand.self,
        ]
    )
}
