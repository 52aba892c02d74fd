extension CivilDate {
    /// The day as ISO 8601 text: `2026-11-23`.
    package var iso8601: String {
        "\(CivilDate.padded(year, 4))-\(CivilDate.padded(month, 2))-\(CivilDate.padded(day, 2))"
    }

    /// Reads `2026-11-23`; nil when that is no day of the calendar or another spelling.
    package init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = CivilDate.number(bytes[..<4]), let month = CivilDate.number(bytes[5..<7]), let day = CivilDate.number(bytes[8...])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The day that begins this many days after this one.
    package func advanced(byDays days: Int64) -> CivilDate {
        CivilDate(daysSince1970: daysSince1970 + days)
    }

    /// The instant at which the day begins in UTC.
    package var start: Timestamp {
        Timestamp(seconds: daysSince1970 * 86_400)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        digits.reduce(0 as Int64?) { value, byte in
            guard let value, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            return value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension Timestamp {
    /// The day in UTC on which the instant lies.
    package var civilDate: CivilDate {
        CivilDate(daysSince1970: (microseconds >= 0 ? microseconds : microseconds - 86_399_999_999) / 86_400_000_000)
    }
}
