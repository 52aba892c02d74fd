/// One field of an EMVCo payload: two digits of id, two of length in characters, the value.
struct EMVField: Sendable, Hashable {
    let id: String
    let value: String

    init(_ id: String, _ value: String) {
        self.id = id
        self.value = value
    }

    init(_ id: String, template fields: [EMVField]) {
        self.init(id, fields.map(\.text).joined())
    }

    var text: String {
        let length = value.unicodeScalars.count
        return "\(id)\(length < 10 ? "0" : "")\(length)\(value)"
    }

    /// Splits a text into its fields, each id once.
    ///
    /// - Throws: `PromptPayError`.
    static func fields(in text: some StringProtocol) throws(PromptPayError) -> [EMVField] {
        let characters = Array(text.unicodeScalars)
        var fields: [EMVField] = []
        var position = 0
        while position < characters.count {
            guard position + 4 <= characters.count, let id = number(characters[position..<position + 2]),
                let length = number(characters[position + 2..<position + 4]), length >= 1, position + 4 + length <= characters.count
            else { throw .malformedField }
            var value = ""
            value.unicodeScalars.append(contentsOf: characters[position + 4..<position + 4 + length])
            let name = "\(id < 10 ? "0" : "")\(id)"
            guard !fields.contains(where: { $0.id == name }) else { throw .duplicateField }
            fields.append(EMVField(name, value))
            position += 4 + length
        }
        return fields
    }

    private static func number(_ digits: ArraySlice<Unicode.Scalar>) -> Int? {
        digits.reduce(0 as Int?) { value, digit in
            guard let value, ("0"..."9").contains(digit) else { return nil }
            return value * 10 + Int(digit.value) - 48
        }
    }
}

/// CRC-16/CCITT-FALSE: polynomial 1021, initial value FFFF, nothing reflected; over UTF-8 bytes, the literal `6304` included.
enum CRC16 {
    static func checksum(_ bytes: [UInt8]) -> UInt16 {
        bytes.reduce(0xFFFF) { sum, byte in
            (0..<8).reduce(sum ^ UInt16(byte) << 8) { value, _ in value & 0x8000 == 0 ? value << 1 : value << 1 ^ 0x1021 }
        }
    }

    /// Four upper-case hexadecimal digits.
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = String(checksum(bytes), radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
