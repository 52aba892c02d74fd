/// A function or initialiser with a body.
struct FunctionSpan: Equatable {
    /// The line of `func` or `init`, counted from 1.
    let line: Int
    /// Lines from there to the closing brace, both counted.
    let lineCount: Int
}

extension SourceFile {
    /// All functions and initialisers that have a body, by brace matching.
    var functions: [FunctionSpan] {
        (offsets(ofWord: "func") + offsets(ofWord: "init").filter(isInitialiser)).compactMap { offset in
            guard let end = endOfBody(from: offset) else { return nil }
            let first = line(at: offset)
            return FunctionSpan(line: first, lineCount: line(at: end) - first + 1)
        }
    }

    private func offsets(ofWord word: String) -> [Int] {
        let letters = Array(word.utf8)
        let last = code.count - letters.count
        guard last >= 0 else { return [] }
        return (0...last).filter { offset in
            // Two bytes first, for nearly all offsets end here.
            guard code[offset] == letters[0], code[offset + 1] == letters[1] else { return false }
            guard code[offset..<(offset + letters.count)].elementsEqual(letters) else { return false }
            let isStart = offset == 0 || !SwiftCode.isWord(code[offset - 1])
            let isEnd = offset == last || !SwiftCode.isWord(code[offset + letters.count])
            return isStart && isEnd
        }
    }

    /// Tells a declaration from a call such as `self.init(…)` or `.init(…)`.
    private func isInitialiser(_ offset: Int) -> Bool {
        offset == 0 || code[offset - 1] != UInt8(ascii: ".")
    }

    /// The offset of the closing brace, or nothing for a requirement without a body.
    private func endOfBody(from start: Int) -> Int? {
        guard let open = openingBrace(from: start) else { return nil }
        var depth = 0
        for offset in open..<code.count {
            if code[offset] == UInt8(ascii: "{") { depth += 1 }
            if code[offset] == UInt8(ascii: "}") { depth -= 1 }
            if depth == 0 { return offset }
        }
        return nil
    }

    private func openingBrace(from start: Int) -> Int? {
        var parentheses = 0
        for offset in start..<code.count {
            switch code[offset] {
            case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
            case UInt8(ascii: "{") where parentheses == 0: return offset
            case UInt8(ascii: "}") where parentheses == 0: return nil
            case UInt8(ascii: "\n") where parentheses == 0 && !declarationContinues(after: offset): return nil
            default: break
            }
        }
        return nil
    }

    private func declarationContinues(after offset: Int) -> Bool {
        let rest = code[offset...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        let head = String(decoding: rest.prefix(8), as: UTF8.self)
        return ["{", "->", "where", "throws", "rethrows", "async"].contains { head.hasPrefix($0) }
    }
}
