extension JSONParser {
    /// RFC 8259 section 6: `number = [ minus ] int [ frac ] [ exp ]`, where `int` has no leading zero.
    mutating func parseNumber() throws(JSONError) {
        let start = index
        if peek == UInt8(ascii: "-") { index += 1 }
        if peek == UInt8(ascii: "0") {
            index += 1
            if isDigit(peek) { throw JSONError(.invalidNumber, at: index) }
        } else {
            try skipDigits()
        }
        if peek == UInt8(ascii: ".") {
            index += 1
            try skipDigits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            index += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
            try skipDigits()
        }
        add(.number, start: start, count: index - start)
    }

    /// Steps over one or more digits.
    private mutating func skipDigits() throws(JSONError) {
        guard isDigit(peek) else { throw JSONError(index < bytes.count ? .invalidNumber : .unexpectedEnd, at: index) }
        while isDigit(peek) { index += 1 }
    }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }
}
