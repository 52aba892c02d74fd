import Foundation

/// One text file with its lines and, for Swift, its code without comments and literals.
struct SourceFile: Sendable {
    let path: String
    let bytes: [UInt8]
    /// As long as `bytes`, with the contents of comments and string literals replaced by spaces; the same bytes for other languages.
    let code: [UInt8]
    /// Offsets of the first byte of each line.
    private let lineStarts: [Int]

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        code = path.hasSuffix(".swift") ? SwiftCode.withoutCommentsAndLiterals(bytes) : bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") && offset + 1 < bytes.count { starts.append(offset + 1) }
        lineStarts = starts
    }

    var lineCount: Int { lineStarts.count }

    /// The lines as they stand in the file, without line breaks.
    var lines: [String] { (1...lineCount).map { text(ofLine: $0) } }

    /// One line, counted from 1, without its line break.
    func text(ofLine number: Int) -> String { Self.text(in: bytes[range(ofLine: number)]) }

    /// One line, counted from 1, without comments and literals.
    func code(ofLine number: Int) -> String { Self.text(in: code[range(ofLine: number)]) }

    private func range(ofLine number: Int) -> Range<Int> {
        lineStarts[number - 1]..<(number < lineStarts.count ? lineStarts[number] : bytes.count)
    }

    private static func text(in slice: ArraySlice<UInt8>) -> String {
        var range = slice
        if range.last == UInt8(ascii: "\n") { range.removeLast() }
        return String(decoding: range, as: UTF8.self)
    }

    /// The line, counted from 1, of a byte.
    func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// Lines on which a text stands in the code, or anywhere in the file.
    ///
    /// A text that begins or ends with a letter matches whole words only.
    func lines(containing text: String, inCode: Bool = true) -> [Int] {
        let needle = Array(text.utf8)
        let hay = inCode ? code : bytes
        var offset = 0
        var lines: [Int] = []
        while let found = Self.firstOffset(of: needle, in: hay, from: offset) {
            offset = found + needle.count
            let before = found > 0 ? hay[found - 1] : 0
            let after = offset < hay.count ? hay[offset] : 0
            let continuesBefore = SwiftCode.isWord(needle[0]) && SwiftCode.isWord(before)
            let continuesAfter = SwiftCode.isWord(needle[needle.count - 1]) && SwiftCode.isWord(after)
            let isWhole = !continuesBefore && !continuesAfter
            if isWhole { lines.append(line(at: found)) }
        }
        return lines
    }

    private static func firstOffset(of needle: [UInt8], in hay: [UInt8], from start: Int) -> Int? {
        hay.withUnsafeBytes { hay in
            guard let base = hay.baseAddress else { return nil }
            var offset = start
            while offset + needle.count <= hay.count {
                guard let found = memchr(base + offset, CInt(needle[0]), hay.count - offset) else { return nil }
                offset = UnsafeRawPointer(found) - base
                if offset + needle.count <= hay.count, memcmp(found, needle, needle.count) == 0 { return offset }
                offset += 1
            }
            return nil
        }
    }

    /// A violation of the whole file.
    func violation(_ message: String, line: Int = 1) -> Violation {
        Violation(path: path, line: line, message: message)
    }
}
