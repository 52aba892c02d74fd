import Foundation
import Testing

@testable import Operations

@Suite("Log time")
struct LogTimeTests {
    @Test(
        "an instant is shown in RFC 3339 with milliseconds",
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, 7, "2000-02-28T23:59:59.007Z"),
            (951_782_400, 42, "2000-02-29T00:00:00.042Z"),
            (1_709_251_199, 999, "2024-02-29T23:59:59.999Z"),
            (1_709_251_200, 0, "2024-03-01T00:00:00.000Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00.000Z"),
            (1_798_761_599, 500, "2026-12-31T23:59:59.500Z"),
        ]
    )
    func knownInstants(seconds: Int, milliseconds: Int, text: String) {
        #expect(LogTime(seconds: seconds, milliseconds: milliseconds).rfc3339 == text)
    }

    @Test("every day of three centuries agrees with Foundation's calendar")
    func everyDay() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in 0..<110_000 {
            let seconds = day * 86_400 + day % 86_400
            let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
            let shown = LogTime(seconds: seconds, milliseconds: 0).rfc3339
            guard shown != expected else { continue }
            Issue.record("day \(day): \(shown) is not \(expected)")
            return
        }
    }

    @Test("now is not before this was written")
    func now() {
        #expect(LogTime.now().seconds > 1_790_000_000)
        #expect((0...999).contains(LogTime.now().milliseconds))
    }
}
