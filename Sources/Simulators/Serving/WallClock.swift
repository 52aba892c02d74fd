import Glibc

/// The time as the simulators tell it.
enum WallClock {
    /// Whole seconds since 1970.
    static var seconds: Int64 { Int64(time(nil)) }

    /// ISO 8601 with Bangkok's offset.
    static var bangkok: String { text(offsetSeconds: 7 * 3600) + "+07:00" }

    /// ISO 8601 in UTC.
    static var utc: String { text(offsetSeconds: 0) + "Z" }

    private static func text(offsetSeconds: Int) -> String {
        var moment = time(nil) + offsetSeconds
        var parts = tm()
        gmtime_r(&moment, &parts)
        let padded = { (value: Int32) in value < 10 ? "0\(value)" : "\(value)" }
        let date = "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
        return "\(date)T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))"
    }
}
