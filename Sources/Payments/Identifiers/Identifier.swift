/// A 128-bit identifier of our own making: prefixed in text, sorting by the time it was made.
///
/// The bits are a UUID version 7 (RFC 9562 section 5.7) with the fraction of the millisecond in `rand_a` (section 6.2, method 3), so a
/// database keeps it as a plain `uuid`. The text is the prefix and 26 characters of Crockford's base 32 in lower case, which sort
/// like the bits.
package protocol Identifier: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// What the text begins with, for example `ch_`.
    static var prefix: String { get }
    /// All 128 bits.
    var value: UInt128 { get }
    /// Wraps bits that were made earlier, for example those read from the database.
    init(value: UInt128)
}

extension Identifier {
    /// Makes an identifier for `now` with 62 random bits.
    package init(at now: Timestamp, random: inout some RandomNumberGenerator) {
        let milliseconds = UInt128(UInt64(max(0, now.microseconds) / 1000) & 0xFFFF_FFFF_FFFF)
        let fraction = UInt128(UInt64(max(0, now.microseconds) % 1000) * 4096 / 1000)
        let tail = UInt128(random.next() & 0x3FFF_FFFF_FFFF_FFFF)
        self.init(value: milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | tail)
    }

    /// Reads the text form; nil when the prefix, the length or a character is not ours.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard digits.count == 26 else { return nil }
        var value: UInt128 = 0
        for byte in digits {
            guard let digit = IdentifierAlphabet.value(of: byte), value >> 123 == 0 else { return nil }
            value = value << 5 | UInt128(digit)
        }
        self.init(value: value)
    }

    package var description: String {
        var digits: [UInt8] = Array(Self.prefix.utf8)
        for shift in stride(from: 125, through: 0, by: -5) {
            digits.append(IdentifierAlphabet.characters[Int(truncatingIfNeeded: value >> UInt128(shift)) & 31])
        }
        return String(decoding: digits, as: UTF8.self)
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.value < right.value
    }
}

/// Crockford's base 32 in lower case: digits and letters without i, l, o and u.
enum IdentifierAlphabet {
    static let characters = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private static let values = (0...UInt8.max).map { byte in characters.firstIndex(of: byte) }

    static func value(of byte: UInt8) -> Int? {
        values[Int(byte)]
    }
}
