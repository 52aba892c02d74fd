package import Cryptography
package import Logging

extension Settings {
    /// Where the HTTP server listens.
    package struct Server: Sendable, Equatable {
        /// A host name or an IP address.
        package let host: String
        /// 0 to 65535; 0 takes a free port.
        package let port: Int

        init(_ values: SettingsValues) throws(SettingsError) {
            host = try values[SettingsTable.host] ?? "127.0.0.1"
            port = try values[SettingsTable.port] ?? 3000
        }
    }

    /// Where the books are kept.
    package struct Database: Sendable {
        /// What libpq connects with; unset means the private PostgreSQL.
        package let connectionString: SecretText?
        /// Connections kept open, never more than `poolMaximum`.
        package let poolMinimum: Int
        /// Connections opened at most.
        package let poolMaximum: Int

        init(_ values: SettingsValues) throws(SettingsError) {
            connectionString = try values[SettingsTable.databaseURL]
            poolMaximum = try values[SettingsTable.databasePoolMaximum] ?? 10
            poolMinimum = try values[SettingsTable.databasePoolMinimum] ?? min(2, poolMaximum)
        }
    }

    /// Who is told the outcome of payments.
    package struct OrderCore: Sendable {
        /// Where notifications go; unset means they wait.
        package let url: String?
        /// Secrets with their `whsec_`, the newest first; every notification is signed with each.
        package let secrets: [SecretText]

        init(_ values: SettingsValues) throws(SettingsError) {
            url = try values[SettingsTable.orderCoreURL]?.text
            secrets = try values[SettingsTable.orderCoreSecrets] ?? []
        }
    }

    /// What customers may take out of their wallets.
    package struct Withdrawals: Sendable, Equatable {
        /// Up to these decimal amounts, by currency, nobody else has to approve.
        package let approvalLimits: [String: String]

        init(_ values: SettingsValues) throws(SettingsError) {
            approvalLimits = try values[SettingsTable.withdrawalApprovalLimits] ?? [:]
        }
    }

    /// Requests allowed to one API key.
    package struct RateLimit: Sendable, Equatable {
        /// Length of the window.
        package let window: Duration
        /// Requests in one window; unset means no limit.
        package let maximum: Int?

        init(_ values: SettingsValues) throws(SettingsError) {
            window = .milliseconds(try values[SettingsTable.rateLimitWindow] ?? 60_000)
            maximum = try values[SettingsTable.rateLimitMaximum]
        }
    }

    /// What is logged, and how.
    package struct Log: Sendable, Equatable {
        /// The form of a log line.
        package enum Format: String, Sendable {
            /// One JSON object a line, for machines.
            case json
            /// Readable lines, for a terminal.
            case text
        }

        /// The least severe level that is logged.
        package let level: Logger.Level
        /// The form of a line.
        package let format: Format

        init(_ values: SettingsValues, isTerminal: Bool) throws(SettingsError) {
            level = try values[SettingsTable.logLevel] ?? .info
            format = try values[SettingsTable.logFormat] ?? (isTerminal ? .text : .json)
        }
    }
}
