extension String {
    /// Whether this is 1 to `lengthMax` characters of printable ASCII without a space.
    func isIdentifier(lengthMax: Int) -> Bool {
        (1...lengthMax).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Whether this is a DNS name or a dotted IPv4 address by its alphabet, with no empty label.
    var isHostName: Bool {
        guard (1...253).contains(utf8.count) else { return false }
        return split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && !label.hasPrefix("-")
                && label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
    }

    /// Whether this is an IPv6 address by its alphabet, without brackets.
    var isIPv6Address: Bool {
        contains(":") && utf8.count <= 45 && utf8.allSatisfy { $0.isHexDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
    }

    /// The values of a list, or nothing if it has no piece or one that is refused; spaces round a piece do not count.
    func pieces<Piece>(separatedBy separator: Character, _ parse: (String) -> Piece?) -> [Piece]? {
        let texts = split(separator: separator, omittingEmptySubsequences: separator == " ")
        let pieces = texts.compactMap { text in parse(String(text.trimmingSpaces)) }
        return pieces.isEmpty || pieces.count < texts.count ? nil : pieces
    }

    /// The text with control characters, line separators and bidirectional overrides written as `\u{…}`.
    var escapingControlCharacters: String {
        guard unicodeScalars.contains(where: \.isUnsafeInLine) else { return self }
        return unicodeScalars.reduce(into: "") { line, scalar in
            if scalar.isUnsafeInLine {
                line += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                line.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        let start = firstIndex { $0 != " " } ?? endIndex
        let end = lastIndex { $0 != " " }.map { index(after: $0) } ?? start
        return self[start..<end]
    }
}

extension UInt8 {
    /// Whether this is one of ASCII `0` to `9`.
    var isDecimalDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Whether this is an ASCII letter or digit.
    var isLetterOrDigit: Bool {
        isDecimalDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    /// Whether this is an ASCII hexadecimal digit of either case.
    var isHexDigit: Bool {
        isDecimalDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
    }
}
