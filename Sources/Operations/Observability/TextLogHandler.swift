package import Logging

/// Writes lines for people at a terminal: `21:57:01.042 INFO    label: message key=value`.
package struct TextLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    private let label: String
    private let output: LogOutput

    /// Makes the handler of one logger.
    package init(label: String, level: Logger.Level, output: LogOutput, metadataProvider: Logger.MetadataProvider? = nil) {
        self.label = label
        self.output = output
        self.metadataProvider = metadataProvider
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the event's line.
    package func log(event: LogEvent) {
        let record = LogRecord(event, label: label, handlerMetadata: metadata, provider: metadataProvider, time: .now())
        output.write(line: Self.line(of: record))
    }

    /// The line without its line break; the time of day is in UTC.
    static func line(of record: LogRecord) -> String {
        let clock = record.time.rfc3339.split(separator: "T").last ?? ""
        let level = record.level.rawValue.uppercased()
        let padding = String(repeating: " ", count: max(1, 9 - level.count))
        var line = "\(clock) \(level)\(padding)\(shown(record.label)): \(shown(record.message))"
        for (key, value) in record.metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(shown(key))=\(quoted(shown(value.description)))"
        }
        return line
    }

    private static func shown(_ text: String) -> String {
        let cut = text.unicodeScalars.prefix(LogRecord.textLengthMax)
        let isWhole = cut.endIndex == text.unicodeScalars.endIndex
        return (isWhole ? text : String(cut) + "…").escapingControlCharacters
    }

    /// Quotes what would not be one word otherwise.
    private static func quoted(_ text: String) -> String {
        let isWord = !text.isEmpty && !text.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        return isWord ? text : "\"" + text.replacing("\"", with: "\\\"") + "\""
    }
}
