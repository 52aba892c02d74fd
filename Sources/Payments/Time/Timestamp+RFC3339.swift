extension Timestamp {
    /// The instant as RFC 3339 text in UTC with six fraction digits, for example `2026-11-23T09:30:00.000000Z`.
    package var rfc3339: String {
        let days = (microseconds >= 0 ? microseconds : microseconds - 86_399_999_999) / 86_400_000_000
        let timeOfDay = microseconds - days * 86_400_000_000
        let date = CivilDate(daysSince1970: days)
        let secondOfDay = timeOfDay / 1_000_000
        var text: [UInt8] = []
        text.reserveCapacity(27)
        Timestamp.append(date.year, 4, "-", to: &text)
        Timestamp.append(date.month, 2, "-", to: &text)
        Timestamp.append(date.day, 2, "T", to: &text)
        Timestamp.append(secondOfDay / 3600, 2, ":", to: &text)
        Timestamp.append(secondOfDay / 60 % 60, 2, ":", to: &text)
        Timestamp.append(secondOfDay % 60, 2, ".", to: &text)
        Timestamp.append(timeOfDay % 1_000_000, 6, "Z", to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads RFC 3339 text with `Z` or a numeric offset; fraction digits beyond the sixth are cut.
    ///
    /// RFC 3339 section 5.6. A leap second (`:60`) is refused, because no instant of ours stands for it.
    package init?(rfc3339 text: String) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"), let day = reader.number(2),
            reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"), let second = reader.number(2),
            let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60, second < 60,
            let fraction = reader.fraction(), let offsetMinutes = reader.offsetMinutes(), reader.isAtEnd
        else { return nil }
        let secondsOfDay = hour * 3600 + minute * 60 + second - offsetMinutes * 60
        self.init(microseconds: (date.daysSince1970 * 86_400 + secondsOfDay) * 1_000_000 + fraction)
    }

    /// Appends a number with leading zeros, and what follows it; a number that is too wide stands whole.
    private static func append(_ value: Int64, _ width: Int, _ separator: Unicode.Scalar, to text: inout [UInt8]) {
        let digits = String(value).utf8
        for _ in 0..<max(0, width - digits.count) { text.append(UInt8(ascii: "0")) }
        text.append(contentsOf: digits)
        text.append(UInt8(ascii: separator))
    }
}

/// Reads fixed-width digits from ASCII text.
private struct DigitReader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        guard position + width <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<position + width] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        position += width
        return value
    }

    /// Microseconds of an optional fraction; nil when the point has no digit after it.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var microseconds: Int64 = 0
        var digits = 0
        while let digit = number(1) {
            if digits < 6 { microseconds = microseconds * 10 + digit }
            digits += 1
        }
        guard digits > 0 else { return nil }
        for _ in min(digits, 6)..<6 { microseconds *= 10 }
        return microseconds
    }

    mutating func offsetMinutes() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
