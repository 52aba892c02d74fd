package import Logging

/// Makes the handler of every logger of the program, as the settings ask; to be given to `LoggingSystem.bootstrap`.
package struct LogHandlerFactory: Sendable {
    private let settings: Settings.Log
    private let output: LogOutput

    /// Chooses level and form from the settings.
    package init(settings: Settings.Log, output: LogOutput = .standardOutput) {
        self.settings = settings
        self.output = output
    }

    /// Makes the handler of one logger.
    package func makeHandler(label: String, metadataProvider: Logger.MetadataProvider? = nil) -> any LogHandler {
        switch settings.format {
        case .json: JSONLogHandler(label: label, level: settings.level, output: output, metadataProvider: metadataProvider)
        case .text: TextLogHandler(label: label, level: settings.level, output: output, metadataProvider: metadataProvider)
        }
    }
}
