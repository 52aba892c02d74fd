import Cryptography
import Foundation
import Logging
import Testing

@testable import Operations

/// A record at a fixed instant.
func record(
    _ message: String,
    level: Logger.Level = .info,
    label: String = "truvapay.test",
    metadata: Logger.Metadata = [:],
    error: (any Error)? = nil
) -> LogRecord {
    let event = LogEvent(
        level: level,
        message: "\(message)",
        error: error,
        metadata: metadata,
        source: nil,
        file: #fileID,
        function: #function,
        line: #line
    )
    let time = LogTime(seconds: 1_709_251_199, milliseconds: 999)
    return LogRecord(event, label: label, handlerMetadata: [:], provider: nil, time: time)
}

@Suite("JSON log lines")
struct JSONLogHandlerTests {
    private struct ProviderRefused: Error {}

    /// Reads a line as any consumer would.
    private func members(_ line: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test("a line has time, level, message and label first, then the metadata by key")
    func form() {
        let line = JSONLogHandler.line(of: record("charge captured", metadata: ["charge": "ch_1", "attempt": "\(2)"]))
        #expect(
            line
                == #"{"time":"2024-02-29T23:59:59.999Z","level":"info","msg":"charge captured","label":"truvapay.test","attempt":"2","charge":"ch_1"}"#
        )
    }

    @Test("nothing in a text can end the line or the string")
    func injection() throws {
        let values = Array(0...0x2FF) + Array(0x2000...0x20FF) + [0xFEFF, 0xFFFF, 0x1F600, 0x10FFFF]
        for scalar in values.compactMap({ Unicode.Scalar(UInt32($0)) }) {
            let text = "a" + String(scalar) + "\",\"level\":\"critical"
            let key = "key" + String(scalar)
            let line = JSONLogHandler.line(of: record(text, metadata: [key: .string(text)]))
            let isOneLine = !line.unicodeScalars.contains { $0.isUnsafeInLine }
            let members = try members(line)
            guard isOneLine, members["msg"] as? String == text, members[key] as? String == text, members["level"] as? String == "info"
            else {
                Issue.record("U+\(String(scalar.value, radix: 16)): \(line)")
                continue
            }
        }
    }

    @Test("metadata named like our own members is moved aside, so no name stands twice")
    func reservedNames() throws {
        let line = JSONLogHandler.line(
            of: record("x", metadata: ["level": "a", "msg": "b", "time": "c", "label": "d", "metadata.time": "e"])
        )
        let members = try members(line)
        #expect(members["level"] as? String == "info" && members["metadata.level"] as? String == "a")
        #expect(members["metadata.time"] as? String == "c" && members["metadata.metadata.time"] as? String == "e")
        #expect(members.count == 9)
        #expect(line.components(separatedBy: "\"time\":").count == 2)
    }

    @Test("nested metadata becomes arrays and objects, down to a bounded depth")
    func nesting() throws {
        let line = JSONLogHandler.line(of: record("x", metadata: ["list": ["a", ["b": "c", "d": []]], "empty": [:]]))
        #expect(line.contains(#""empty":{},"list":["a",{"b":"c","d":[]}]"#))
        var deep: Logger.MetadataValue = "bottom"
        for _ in 0..<1000 { deep = .array([deep]) }
        let deepLine = JSONLogHandler.line(of: record("x", metadata: ["deep": deep]))
        #expect(deepLine.contains(#""deep":[[[[[[[["…"]]]]]]]]"#))
        _ = try members(deepLine)
    }

    @Test("a long text is cut")
    func longText() throws {
        let line = JSONLogHandler.line(of: record(String(repeating: "ก", count: 100_000)))
        let message = try #require(try members(line)["msg"] as? String)
        #expect(message == String(repeating: "ก", count: LogRecord.textLengthMax) + "…")
    }

    @Test("an attached error is a member, and secrets print as stars")
    func errorAndSecrets() throws {
        let secret = SecretText("canary-7f3a")
        let line = JSONLogHandler.line(
            of: record("key \(secret)", metadata: ["key": "\(secret)", "same": .stringConvertible(secret)], error: ProviderRefused())
        )
        let members = try members(line)
        #expect(members["error"] as? String == "ProviderRefused()")
        #expect(members["msg"] as? String == "key ***" && members["key"] as? String == "***" && members["same"] as? String == "***")
    }

    @Test("a logger filters by level and merges handler, provider and event metadata, the later winning")
    func throughLogger() throws {
        let file = try LogFile()
        let output = file.output
        let provider = Logger.MetadataProvider { ["trace": "provider", "who": "provider"] }
        var logger = Logger(label: "truvapay.ledger") { label in
            JSONLogHandler(label: label, level: .notice, output: output, metadataProvider: provider)
        }
        logger[metadataKey: "node"] = "a"
        logger[metadataKey: "who"] = "handler"
        logger.info("hidden")
        logger.notice("shown", metadata: ["who": "event"])
        logger.logLevel = .trace
        logger.trace("shown too")
        let lines = try file.lines
        #expect(lines.count == 2)
        let first = try members(try #require(lines.first))
        #expect(first["node"] as? String == "a" && first["trace"] as? String == "provider" && first["who"] as? String == "event")
        #expect(first["label"] as? String == "truvapay.ledger" && logger[metadataKey: "node"] == "a")
        #expect(try members(try #require(lines.last))["who"] as? String == "provider")
    }
}
