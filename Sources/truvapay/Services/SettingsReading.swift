import Foundation
import Glibc
import Logging
import Metrics
import Operations

/// Reads the environment and sets up logging and metrics, once for the process.
enum SettingsReading {
    /// The settings of this process.
    ///
    /// - Throws: `SettingsError` with the one line that the interface promises.
    static func settings() throws(SettingsError) -> Settings {
        try Settings.read(
            environment: ProcessInfo.processInfo.environment,
            fileReader: Settings.readFile,
            isTerminal: isatty(STDOUT_FILENO) == 1,
            isRoot: geteuid() == 0
        )
    }

    /// Makes all loggers of the process as the settings ask.
    static func startLogging(_ settings: Settings, output: LogOutput = .standardOutput) -> Logger {
        let factory = LogHandlerFactory(settings: settings.log, output: output)
        LoggingSystem.bootstrap { factory.makeHandler(label: $0) }
        let logger = Logger(label: "truvapay")
        for warning in settings.warnings { logger.warning("\(warning)") }
        return logger
    }
}
