import Foundation

/// An instant of the wall clock as logs show it.
struct LogTime: Sendable, Equatable {
    /// Whole seconds since 1970-01-01T00:00:00Z, never negative.
    let seconds: Int
    /// 0 to 999.
    let milliseconds: Int

    /// The instant now; logging is an edge of the program, so this is the one place here that reads the clock.
    static func now() -> LogTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return LogTime(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// RFC 3339 in UTC with milliseconds, for example `2026-11-23T21:57:01.042Z`.
    var rfc3339: String {
        let date = civilDate
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { Self.padded($0, to: 2) }.joined(separator: ":")
        let day = [Self.padded(date.year, to: 4), Self.padded(date.month, to: 2), Self.padded(date.day, to: 2)].joined(separator: "-")
        return day + "T" + clock + "." + Self.padded(milliseconds, to: 3) + "Z"
    }

    /// Days since 1970 as a date of the proleptic Gregorian calendar, counted in 400-year eras that begin on 1 March.
    private var civilDate: (year: Int, month: Int, day: Int) {
        let daysSinceEra = seconds / 86_400 + 719_468
        let era = daysSinceEra / 146_097
        let dayOfEra = daysSinceEra % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
