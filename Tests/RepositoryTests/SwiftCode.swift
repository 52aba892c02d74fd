/// A reader of Swift that knows just enough to tell code from comments and literals.
///
/// It knows nested comments, all four forms of string literals and code inside interpolations, but no regular expression literals.
struct SwiftCode {
    private enum Mode {
        /// Plain code, or inside an interpolation with this many parentheses open.
        case code(openParentheses: Int?)
        case string(hashes: Int, isMultiline: Bool)
        case lineComment
        case blockComment(depth: Int)
    }

    private let bytes: [UInt8]
    private var position = 0
    private var modes: [Mode] = [.code(openParentheses: nil)]
    private var result: [UInt8]

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        result = bytes
    }

    /// The text with comments and the contents of string literals replaced by spaces; line breaks stay.
    static func withoutCommentsAndLiterals(_ bytes: [UInt8]) -> [UInt8] {
        var reader = SwiftCode(bytes)
        while reader.position < bytes.count { reader.step() }
        return reader.result
    }

    /// Whether a byte belongs to a name: ASCII letters, digits, underscore, and everything beyond ASCII.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }

    private mutating func step() {
        switch modes[modes.count - 1] {
        case .code(let openParentheses): stepInCode(openParentheses)
        case .string(let hashes, let isMultiline): stepInString(hashes: hashes, isMultiline: isMultiline)
        case .lineComment:
            if bytes[position] == UInt8(ascii: "\n") { modes.removeLast() }
            blank(1)
        case .blockComment(let depth): stepInBlockComment(depth)
        }
    }

    private mutating func stepInCode(_ openParentheses: Int?) {
        switch bytes[position] {
        case UInt8(ascii: "/") where next(is: "//"): modes.append(.lineComment)
        case UInt8(ascii: "/") where next(is: "/*"): modes.append(.blockComment(depth: 0))
        case UInt8(ascii: "#"), UInt8(ascii: "\""): startString()
        case UInt8(ascii: "("):
            if let openParentheses { modes[modes.count - 1] = .code(openParentheses: openParentheses + 1) }
            position += 1
        case UInt8(ascii: ")"):
            if let openParentheses { modes[modes.count - 1] = .code(openParentheses: openParentheses - 1) }
            if openParentheses == 1 { modes.removeLast() }
            position += 1
        default: position += 1
        }
    }

    /// Enters a literal, or passes over number signs that begin none.
    private mutating func startString() {
        let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        position += hashes
        guard next(is: "\"") else { return }
        let isMultiline = next(is: "\"\"\"")
        position += isMultiline ? 3 : 1
        modes.append(.string(hashes: hashes, isMultiline: isMultiline))
    }

    private mutating func stepInString(hashes: Int, isMultiline: Bool) {
        switch bytes[position] {
        case UInt8(ascii: "\""):
            let end = (isMultiline ? "\"\"\"" : "\"") + String(repeating: "#", count: hashes)
            guard next(is: end) else { return blank(1) }
            modes.removeLast()
            position += end.utf8.count
        case UInt8(ascii: "\\"):
            let escape = "\\" + String(repeating: "#", count: hashes)
            if next(is: escape + "(") {
                modes.append(.code(openParentheses: 1))
                blank(1 + hashes)
                position += 1
            } else {
                blank(next(is: escape) ? 2 + hashes : 1)
            }
        case UInt8(ascii: "\n") where !isMultiline:
            // An unfinished literal ends with its line, so that one mistake does not swallow the rest of the file.
            modes.removeLast()
            position += 1
        default: blank(1)
        }
    }

    private mutating func stepInBlockComment(_ depth: Int) {
        if next(is: "/*") {
            modes[modes.count - 1] = .blockComment(depth: depth + 1)
            blank(2)
        } else if next(is: "*/") {
            modes[modes.count - 1] = .blockComment(depth: depth - 1)
            if depth <= 1 { modes.removeLast() }
            blank(2)
        } else {
            blank(1)
        }
    }

    private func next(is text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }

    /// Passes over bytes that are no code.
    private mutating func blank(_ count: Int) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] != UInt8(ascii: "\n") { result[position] = UInt8(ascii: " ") }
            position += 1
        }
    }
}
