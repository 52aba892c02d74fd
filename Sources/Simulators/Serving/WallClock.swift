import Glibc

/// The time as the simulators tell it.
enum WallClock {
    /// Whole seconds since 1970.
    static var seconds: Int64 { Int64(time(nil)) }

    /// ISO 8601 with Bangkok's offset.
    static var bangkok: String {
        var moment = time(nil) + 7 * 3600
        var parts = tm()
        gmtime_r(&moment, &parts)
        let padded = { (value: Int32) in value < 10 ? "0\(value)" : "\(value)" }
        let date = "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
        return "\(date)T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))+07:00"
    }
}
