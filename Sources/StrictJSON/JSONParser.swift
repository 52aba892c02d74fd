/// A recursive-descent reader of one JSON text over borrowed UTF-8 bytes.
///
/// The buffer must outlive the parser. Every read goes through ``peek``, which is bounded, so a fault here cannot leave the buffer.
/// Recursion is bounded by ``JSONLimits/depth``.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let policy: JSONPolicy
    let limits: JSONLimits
    var index = 0
    private var depth = 0

    /// Prepares to read a whole text.
    init(bytes: UnsafeBufferPointer<UInt8>, policy: JSONPolicy, limits: JSONLimits) {
        self.bytes = bytes
        self.policy = policy
        self.limits = limits
    }

    /// RFC 8259 section 2: `JSON-text = ws value ws`.
    mutating func parseText() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytes else { throw JSONError(.tooLarge, at: limits.bytes) }
        // RFC 8259 section 8.1: a reader may treat a byte order mark as an error.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw JSONError(.byteOrderMark, at: 0) }
        skipWhitespace()
        let value = try parseValue()
        skipWhitespace()
        guard index == bytes.count else { throw JSONError(peek == 0 ? .nulCharacter : .trailingCharacters, at: index) }
        return value
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

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        switch peek {
        case UInt8(ascii: "\""):
            return .string(try parseString())
        case UInt8(ascii: "{"):
            return .object(try parseObject())
        case UInt8(ascii: "["):
            return .array(try parseArray())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .number(try parseNumber())
        case UInt8(ascii: "t"):
            try expect("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        default:
            throw unexpected()
        }
    }

    private mutating func expect(_ literal: StaticString) throws(JSONError) {
        for byte in UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount) {
            guard peek == byte else { throw unexpected() }
            index += 1
        }
    }

    private mutating func parseArray() throws(JSONError) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        if peek == UInt8(ascii: "]") {
            leave()
            return elements
        }
        while true {
            guard elements.count < limits.elements else { throw JSONError(.tooManyElements, at: index) }
            elements.append(try parseValue())
            if try !continues(until: UInt8(ascii: "]")) { return elements }
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSONObject {
        try enter()
        var members = DistinctMembers()
        if peek == UInt8(ascii: "}") {
            leave()
            return JSONObject()
        }
        while true {
            guard members.count < limits.members else { throw JSONError(.tooManyMembers, at: index) }
            let nameOffset = index
            guard peek == UInt8(ascii: "\"") else { throw unexpected() }
            let name = try parseString()
            guard members.isNew(name) else { throw JSONError(.duplicateMember, at: nameOffset) }
            skipWhitespace()
            guard peek == UInt8(ascii: ":") else { throw unexpected() }
            index += 1
            skipWhitespace()
            members.append(name, try parseValue())
            if try !continues(until: UInt8(ascii: "}")) { return JSONObject(distinctMembers: members.members) }
        }
    }

    /// Steps over an opening bracket and counts the level.
    private mutating func enter() throws(JSONError) {
        guard depth < limits.depth else { throw JSONError(.tooDeep, at: index) }
        depth += 1
        index += 1
        skipWhitespace()
    }

    /// Steps over a closing bracket.
    private mutating func leave() {
        depth -= 1
        index += 1
    }

    /// Reads what follows an element: true after a comma with more to come, false after the closing bracket.
    private mutating func continues(until close: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        if peek == close {
            leave()
            return false
        }
        guard peek == UInt8(ascii: ",") else { throw unexpected() }
        let commaOffset = index
        index += 1
        skipWhitespace()
        if peek == close { throw JSONError(.trailingComma, at: commaOffset) }
        return true
    }
}
