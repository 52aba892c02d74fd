import Payments
import TestSupport
import Testing

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "known instants print and read",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (1_795_460_000_000_000, "2026-11-23T18:53:20.000000Z"),
            (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        ] as [(Int64, String)]
    )
    func known(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
    }

    @Test("offsets are applied")
    func offsets() {
        #expect(Timestamp(rfc3339: "2026-11-24T01:53:20+07:00") == Timestamp(seconds: 1_795_460_000))
        #expect(Timestamp(rfc3339: "2026-11-23T13:23:20.5-05:30")?.microseconds == 1_795_460_000_500_000)
    }

    @Test(
        "what is no instant is refused",
        arguments: [
            "", "2026-11-23", "2026-11-23T20:53:20", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z",
            "2026-11-23T20:60:00Z", "2026-11-23T20:53:60Z", "2026-11-23T20:53:20.Z", "2026-11-23T20:53:20Zx", "2026-11-23T20:53:20+7:00",
            "๒๐๒๖-11-23T20:53:20Z",
        ]
    )
    func refused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("every day of 800 years prints and reads back")
    func everyDay() {
        for day in stride(from: Int64(-146_097), to: 146_097, by: 1) {
            let instant = Timestamp(seconds: day * 86_400 + 43_200)
            #expect(Timestamp(rfc3339: instant.rfc3339) == instant)
        }
    }

    @Test("random instants of 0000 to 9999 print and read back")
    func random() {
        var random = SeededRandom.printed("timestamps")
        for _ in 0..<20_000 {
            let instant = Timestamp(microseconds: Int64.random(in: -62_167_219_200_000_000...253_402_300_799_999_999, using: &random))
            #expect(Timestamp(rfc3339: instant.rfc3339) == instant)
        }
    }
}
