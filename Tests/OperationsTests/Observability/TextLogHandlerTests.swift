import Cryptography
import Logging
import Testing

@testable import Operations

@Suite("Text log lines")
struct TextLogHandlerTests {
    @Test("a line has time, level, label, message and metadata by key")
    func form() {
        let line = TextLogHandler.line(of: record("charge captured", level: .warning, metadata: ["charge": "ch_1", "attempt": "2"]))
        #expect(line == "23:59:59.999Z WARNING  truvapay.test: charge captured attempt=2 charge=ch_1")
        #expect(TextLogHandler.line(of: record("m", level: .critical)) == "23:59:59.999Z CRITICAL truvapay.test: m")
    }

    @Test("control characters, escape sequences and line separators are shown, not obeyed")
    func controlCharacters() {
        let line = TextLogHandler.line(of: record("a\nb\u{1B}[2J\u{2028}\u{202E}c", metadata: ["k\r": "v\u{7}"]))
        #expect(line == "23:59:59.999Z INFO     truvapay.test: a\\u{a}b\\u{1b}[2J\\u{2028}\\u{202e}c k\\u{d}=v\\u{7}")
    }

    @Test("a value that is not one word is quoted, and a secret prints as stars")
    func quoting() {
        let secret = SecretText("canary")
        let line = TextLogHandler.line(
            of: record("m", metadata: ["a": "two words", "b": "", "c": "x=\"1\"", "d": .stringConvertible(secret)])
        )
        #expect(line.hasSuffix(#"m a="two words" b="" c="x=\"1\"" d=***"#))
    }

    @Test("a long text is cut")
    func longText() {
        let line = TextLogHandler.line(of: record(String(repeating: "x", count: 100_000)))
        #expect(line.hasSuffix("x…") && line.count < 9000)
    }

    @Test("the settings choose form and level of every logger")
    func factory() throws {
        let file = try LogFile()
        for format in ["text", "json"] {
            let log = try settings(["LOG_FORMAT": format, "LOG_LEVEL": "error"]).log
            let factory = LogHandlerFactory(settings: log, output: file.output)
            var logger = Logger(label: "l") { factory.makeHandler(label: $0) }
            logger[metadataKey: "k"] = "v"
            logger.warning("hidden")
            logger.error("shown")
        }
        let lines = try file.lines
        #expect(lines.count == 2)
        #expect(lines[0].hasSuffix("ERROR    l: shown k=v"))
        #expect(lines[1].hasPrefix("{\"time\":") && lines[1].contains("\"k\":\"v\""))
    }
}
