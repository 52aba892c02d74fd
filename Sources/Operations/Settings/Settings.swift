package import Cryptography

/// Everything the environment decides, read once at the start, parsed and checked.
///
/// Secrets are values that print as `***`, so the whole may be described anywhere.
package struct Settings: Sendable {
    /// Where the HTTP server listens.
    package let server: Server
    /// Where the books are kept.
    package let database: Database
    /// Folder of the private database and of generated secrets.
    package let home: String
    /// An API key that shall exist with every scope.
    package let bootstrapKey: SecretText?
    /// Cards.
    package let stripe: Stripe
    /// PayPal.
    package let payPal: PayPal
    /// Thai QR payments.
    package let promptPay: PromptPay
    /// BTC, ETH and USDT.
    package let crypto: CryptoProcessor
    /// Who is told the outcome.
    package let orderCore: OrderCore
    /// What customers may take out of their wallets.
    package let withdrawals: Withdrawals
    /// Requests allowed to one API key.
    package let rateLimit: RateLimit
    /// What is logged, and how.
    package let log: Log
    /// What an operator should know though it does not prevent the start; a line each, safe for logs.
    package let warnings: [String]

    /// Reads all settings from the environment.
    ///
    /// - Parameters:
    ///   - environment: The process's environment; an empty value counts as unset.
    ///   - fileReader: Reads the file a `NAME_FILE` variable names.
    ///   - isTerminal: Whether standard output is a terminal, which decides the default of `LOG_FORMAT`.
    ///   - isRoot: Whether the process runs as root, which decides the default of `TRUVAPAY_HOME`.
    /// - Returns: The settings with every default filled in.
    /// - Throws: ``SettingsError`` for the first variable, in the table's order, that is malformed or missing.
    package static func read(
        environment: [String: String],
        fileReader: (String) throws -> String,
        isTerminal: Bool,
        isRoot: Bool
    ) throws(SettingsError) -> Settings {
        let values = try SettingsValues(environment: environment, fileReader: fileReader)
        let settings = try Settings(values, isTerminal: isTerminal, isRoot: isRoot)
        try settings.checkGroups()
        return settings
    }

    private init(_ values: SettingsValues, isTerminal: Bool, isRoot: Bool) throws(SettingsError) {
        server = try Server(values)
        database = try Database(values)
        home = try values[SettingsTable.home] ?? (isRoot ? "/var/lib/truvapay" : "./.truvapay")
        bootstrapKey = try values[SettingsTable.bootstrapKey]
        stripe = try Stripe(values)
        payPal = try PayPal(values)
        promptPay = try PromptPay(values)
        crypto = try CryptoProcessor(values)
        orderCore = try OrderCore(values)
        withdrawals = try Withdrawals(values)
        rateLimit = try RateLimit(values)
        log = try Log(values, isTerminal: isTerminal)
        warnings = try values.warnings()
    }
}
