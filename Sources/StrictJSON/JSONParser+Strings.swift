extension JSONParser {
    /// RFC 8259 section 7, starting at the opening quotation mark.
    ///
    /// Most strings are ASCII without an escape: they stay where they are.
    mutating func parseString() throws(JSONError) {
        index += 1
        let start = index
        let isASCII = try skipPlainBytes()
        if peek == UInt8(ascii: "\\") { return add(decoded: try parseEscapedString(from: start)) }
        let end = index
        index += 1
        if isASCII { return add(.plainString, start: start, count: end - start) }
        guard let text = String(validating: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self) else {
            throw invalidUTF8(in: start..<end)
        }
        add(decoded: text)
    }

    /// The bytes of a plain string or a number.
    @inline(__always)
    func content(of token: JSONToken) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[Int(token.start)..<Int(token.start) + Int(token.count)])
    }

    /// The text of a string.
    func text(of token: JSONToken) -> String {
        token.kind == .decodedString ? decoded[Int(token.start)] : String(decoding: content(of: token), as: UTF8.self)
    }

    /// Goes on to the next quotation mark or backslash; tells whether all bytes up to it are ASCII.
    @discardableResult
    private mutating func skipPlainBytes() throws(JSONError) -> Bool {
        var union: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return union < 0x80 }
            guard byte >= 0x20 else { throw JSONError(byte == 0 ? .nulCharacter : .controlCharacter, at: index) }
            union |= byte
            index += 1
        }
        throw JSONError(.unexpectedEnd, at: index)
    }

    /// Reads a string that has at least one escape, standing at the first.
    private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
        var decoded: [UInt8] = []
        var runStart = start
        while true {
            decoded.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<index]))
            if peek == UInt8(ascii: "\"") { break }
            try parseEscape(into: &decoded)
            runStart = index
            try skipPlainBytes()
        }
        index += 1
        // An escape never completes a broken sequence of raw bytes, so decoded text is valid exactly when the source is.
        guard let text = String(validating: decoded, as: UTF8.self) else { throw invalidUTF8(in: start..<index) }
        return text
    }

    /// Reads one escape, standing at its backslash.
    private mutating func parseEscape(into decoded: inout [UInt8]) throws(JSONError) {
        let escapeOffset = index
        index += 1
        guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
        let letter = peek
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try parseUnicodeEscape(escapeOffset)
            decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw JSONError(.invalidEscape, at: escapeOffset)
        }
    }

    /// Reads the digits of `\uXXXX`, and the second half where the first is a high surrogate.
    private mutating func parseUnicodeEscape(_ escapeOffset: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try parseFourHexadecimalDigits(escapeOffset)
        if first == 0 {
            guard policy == .provider else { throw JSONError(.nulCharacter, at: escapeOffset) }
            return "\u{FFFD}"
        }
        if let scalar = Unicode.Scalar(first) { return scalar }
        // RFC 8259 section 8.2: an unpaired surrogate encodes no character.
        guard UTF16.isLeadSurrogate(first) else { throw JSONError(.loneSurrogate, at: escapeOffset) }
        guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
        guard peek == UInt8(ascii: "\\") else { throw JSONError(.loneSurrogate, at: escapeOffset) }
        index += 1
        guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
        guard peek == UInt8(ascii: "u") else { throw JSONError(.loneSurrogate, at: escapeOffset) }
        index += 1
        let second = try parseFourHexadecimalDigits(index - 2)
        guard UTF16.isTrailSurrogate(second) else { throw JSONError(.loneSurrogate, at: escapeOffset) }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func parseFourHexadecimalDigits(_ escapeOffset: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
            let digit: UInt8
            switch peek {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = peek - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = peek - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = peek - UInt8(ascii: "A") + 10
            default: throw JSONError(.invalidEscape, at: escapeOffset)
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }

    /// Finds the first byte of the range that belongs to no valid sequence.
    private func invalidUTF8(in range: Range<Int>) -> JSONError {
        var offset = range.lowerBound
        var iterator = bytes[range].makeIterator()
        var decoder = UTF8.ForwardParser()
        while case .valid(let sequence) = decoder.parseScalar(from: &iterator) {
            offset += sequence.count
        }
        return JSONError(.invalidUTF8, at: offset)
    }
}
