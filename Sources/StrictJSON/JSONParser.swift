/// A recursive-descent reader of one JSON text over borrowed UTF-8 bytes, which checks everything and builds nothing but a list of tokens.
///
/// The buffer must outlive the parser. Every read goes through ``peek``, which is bounded, so a fault here cannot leave the buffer.
/// Recursion is bounded by ``JSONLimits/depth``.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let policy: JSONPolicy
    let limits: JSONLimits
    var index = 0
    private var depth = 0
    /// What was read so far.
    private(set) var tokens: [JSONToken] = []
    /// The strings that do not stand in the text as they are.
    private(set) var decoded: [String] = []

    /// Prepares to read a whole text.
    init(bytes: UnsafeBufferPointer<UInt8>, policy: JSONPolicy, limits: JSONLimits) {
        self.bytes = bytes
        self.policy = policy
        self.limits = limits
    }

    /// RFC 8259 section 2: `JSON-text = ws value ws`.
    mutating func parseText() throws(JSONError) {
        guard bytes.count <= limits.bytes else { throw JSONError(.tooLarge, at: limits.bytes) }
        // RFC 8259 section 8.1: a reader may treat a byte order mark as an error.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw JSONError(.byteOrderMark, at: 0) }
        // Providers' events have a token for every twelve bytes or more.
        tokens.reserveCapacity(bytes.count / 12 + 4)
        skipWhitespace()
        try parseValue()
        skipWhitespace()
        guard index == bytes.count else { throw JSONError(peek == 0 ? .nulCharacter : .trailingCharacters, at: index) }
    }

    /// The byte at the position, or 0 at the end; a NUL in the text is never valid, so the two need telling apart only in ``unexpected()``.
    @inline(__always)
    var peek: UInt8 {
        index < bytes.count ? bytes[index] : 0
    }

    /// The fault to report for a byte that fits no rule at the position.
    func unexpected() -> JSONError {
        guard index < bytes.count else { return JSONError(.unexpectedEnd, at: index) }
        return JSONError(bytes[index] == 0 ? .nulCharacter : .unexpectedCharacter, at: index)
    }

    @inline(__always)
    mutating func skipWhitespace() {
        while true {
            switch peek {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): index += 1
            default: return
            }
        }
    }

    /// Adds a token that has nothing inside.
    @inline(__always)
    mutating func add(_ kind: JSONToken.Kind, start: Int = 0, count: Int = 0) {
        tokens.append(JSONToken(kind, start: start, count: count, place: tokens.count))
    }

    /// Adds the token of a string that was decoded.
    mutating func add(decoded text: String) {
        add(.decodedString, start: decoded.count)
        decoded.append(text)
    }

    private mutating func parseValue() throws(JSONError) {
        switch peek {
        case UInt8(ascii: "\""): try parseString()
        case UInt8(ascii: "{"): try parseObject()
        case UInt8(ascii: "["): try parseArray()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber()
        case UInt8(ascii: "t"): try expect("true", .true)
        case UInt8(ascii: "f"): try expect("false", .false)
        case UInt8(ascii: "n"): try expect("null", .null)
        default: throw unexpected()
        }
    }

    private mutating func expect(_ literal: StaticString, _ kind: JSONToken.Kind) throws(JSONError) {
        for byte in UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount) {
            guard peek == byte else { throw unexpected() }
            index += 1
        }
        add(kind)
    }

    private mutating func parseArray() throws(JSONError) {
        let place = try enter(.array)
        var count = 0
        if peek == UInt8(ascii: "]") { return leave(place, count: 0) }
        while true {
            guard count < limits.elements else { throw JSONError(.tooManyElements, at: index) }
            try parseValue()
            count += 1
            if try !continues(until: UInt8(ascii: "]")) { return leave(place, count: count) }
        }
    }

    private mutating func parseObject() throws(JSONError) {
        let place = try enter(.object)
        var names = DistinctNames()
        if peek == UInt8(ascii: "}") { return leave(place, count: 0) }
        while true {
            guard names.count < limits.members else { throw JSONError(.tooManyMembers, at: index) }
            let nameOffset = index
            guard peek == UInt8(ascii: "\"") else { throw unexpected() }
            let name = tokens.count
            try parseString()
            guard names.insert(name, of: place, in: self) else { throw JSONError(.duplicateMember, at: nameOffset) }
            skipWhitespace()
            guard peek == UInt8(ascii: ":") else { throw unexpected() }
            index += 1
            skipWhitespace()
            try parseValue()
            if try !continues(until: UInt8(ascii: "}")) { return leave(place, count: names.count) }
        }
    }

    /// Steps over an opening bracket and counts the level; returns the place of its token.
    private mutating func enter(_ kind: JSONToken.Kind) throws(JSONError) -> Int {
        guard depth < limits.depth else { throw JSONError(.tooDeep, at: index) }
        depth += 1
        index += 1
        skipWhitespace()
        add(kind)
        return tokens.count - 1
    }

    /// Steps over a closing bracket and completes the token of what it closes.
    private mutating func leave(_ place: Int, count: Int) {
        depth -= 1
        index += 1
        tokens[place].count = UInt32(truncatingIfNeeded: count)
        tokens[place].next = UInt32(truncatingIfNeeded: tokens.count)
    }

    /// Reads what follows an element: true after a comma with more to come, false before the closing bracket.
    private mutating func continues(until close: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        if peek == close { return false }
        guard peek == UInt8(ascii: ",") else { throw unexpected() }
        let commaOffset = index
        index += 1
        skipWhitespace()
        if peek == close { throw JSONError(.trailingComma, at: commaOffset) }
        return true
    }
}
