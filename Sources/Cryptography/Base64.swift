/// Base 64 as RFC 4648 defines it, strict in what it reads.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafeAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let padding = UInt8(ascii: "=")

    /// RFC 4648 section 4, with padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        encode(bytes, alphabet: alphabet, isPadded: true)
    }

    /// RFC 4648 section 5, without padding: fit for paths, queries and file names.
    package static func encodeURLSafe(_ bytes: [UInt8]) -> String {
        encode(bytes, alphabet: urlSafeAlphabet, isPadded: false)
    }

    /// Reads the padded form of section 4; refuses white space, missing or extra padding, and unused bits that are not zero.
    ///
    /// - Throws: ``CryptographyError`` with the code `malformedBase64`.
    package static func decode(_ text: String) throws(CryptographyError) -> [UInt8] {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4) else { throw CryptographyError(.malformedBase64) }
        let paddingCount = characters.suffix(2).reversed().prefix { $0 == padding }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count / 4 * 3)
        var bits: UInt32 = 0
        var bitCount = 0
        for character in characters.dropLast(paddingCount) {
            bits = bits << 6 | UInt32(try value(of: character))
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        // RFC 4648 section 3.5: a decoder may refuse bits that no encoder sets; else one secret has several spellings.
        guard bits & (1 << bitCount - 1) == 0 else { throw CryptographyError(.malformedBase64) }
        return bytes
    }

    private static func encode(_ bytes: [UInt8], alphabet: [UInt8], isPadded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(alphabet[Int(bits >> bitCount & 63)])
            }
        }
        if bitCount > 0 { text.append(alphabet[Int(bits << (6 - bitCount) & 63)]) }
        while isPadded && !text.count.isMultiple(of: 4) { text.append(padding) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func value(of character: UInt8) throws(CryptographyError) -> UInt8 {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: throw CryptographyError(.malformedBase64)
        }
    }
}
