/// Base 16 as RFC 4648 section 8 defines it, written in lower case.
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two lower-case digits for each byte.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads an even number of ASCII digits of either case; no prefix, separator or white space.
    ///
    /// - Throws: ``CryptographyError`` with the code `malformedHexadecimal`.
    package static func decode(_ text: String) throws(CryptographyError) -> [UInt8] {
        let digits = text.utf8
        guard digits.count.isMultiple(of: 2) else { throw CryptographyError(.malformedHexadecimal) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var iterator = digits.makeIterator()
        while let high = iterator.next(), let low = iterator.next() {
            bytes.append(try value(of: high) << 4 | value(of: low))
        }
        return bytes
    }

    private static func value(of digit: UInt8) throws(CryptographyError) -> UInt8 {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: throw CryptographyError(.malformedHexadecimal)
        }
    }
}
