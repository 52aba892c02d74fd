package import Logging

/// Writes one JSON object a line: `time`, `level`, `msg` and `label`, then the metadata in the order of their keys.
///
/// OWASP ASVS 5.0, 16.2.2 and 16.4.1: time in UTC, a common format, nothing in a value can start a new line or a new member.
package struct JSONLogHandler: LogHandler {
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

    /// The line without its line break.
    static func line(of record: LogRecord) -> String {
        var line = "{\"time\":\"\(record.time.rfc3339)\",\"level\":\"\(record.level.rawValue)\",\"msg\":"
        line.appendJSONString(record.message)
        line += ",\"label\":"
        line.appendJSONString(record.label)
        for (key, value) in record.metadata.sorted(by: { $0.key < $1.key }) {
            line += ","
            line.appendJSONString(memberName(for: key))
            line += ":"
            append(value, to: &line, depth: 0)
        }
        line += "}"
        return line
    }

    /// A member name that cannot repeat one of our own, for readers of JSON disagree on which of two equal names counts.
    private static func memberName(for key: String) -> String {
        let prefix = "metadata."
        let isTaken = ["time", "level", "msg", "label"].contains(key) || key.hasPrefix(prefix)
        return isTaken ? prefix + key : key
    }

    private static func append(_ value: Logger.MetadataValue, to line: inout String, depth: Int) {
        let depthMax = 8
        switch value {
        case .string(let text): line.appendJSONString(text)
        case .stringConvertible(let convertible): line.appendJSONString(convertible.description)
        case .dictionary, .array: depth < depthMax ? appendNested(value, to: &line, depth: depth + 1) : line.appendJSONString("…")
        }
    }

    private static func appendNested(_ value: Logger.MetadataValue, to line: inout String, depth: Int) {
        if case .array(let values) = value {
            line += "["
            for (index, element) in values.enumerated() {
                if index > 0 { line += "," }
                append(element, to: &line, depth: depth)
            }
            line += "]"
        } else if case .dictionary(let members) = value {
            line += "{"
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line += "," }
                line.appendJSONString(member.key)
                line += ":"
                append(member.value, to: &line, depth: depth)
            }
            line += "}"
        }
    }
}

extension String {
    /// Appends a text as a JSON string (RFC 8259, section 7), cut at ``LogRecord/textLengthMax``.
    fileprivate mutating func appendJSONString(_ text: String) {
        self += "\""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == LogRecord.textLengthMax {
                self += "…"
                break
            }
            switch scalar {
            case "\"": self += "\\\""
            case "\\": self += "\\\\"
            case "\n": self += "\\n"
            case _ where scalar.isUnsafeInLine:
                let digits = String(scalar.value, radix: 16)
                self += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: unicodeScalars.append(scalar)
            }
        }
        self += "\""
    }
}
