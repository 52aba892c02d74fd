/// Appends values as compact JSON text to one growing buffer.
///
/// Documents that are written by the thousand are written member by member, without a ``JSONValue`` of them.
package struct JSONWriter {
    private static let hexadecimalDigits = Array("0123456789abcdef".utf8)

    package private(set) var bytes: [UInt8] = []
    private let sortsMembers: Bool
    /// Whether the next member or element follows another.
    private var followsAnother = false

    /// Starts an empty text.
    package init() {
        self.init(sortsMembers: false)
    }

    init(sortsMembers: Bool) {
        self.sortsMembers = sortsMembers
        bytes.reserveCapacity(1024)
    }

    /// Appends an object of the members that `body` appends.
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    /// Appends an array of the elements that `body` appends, each with `element`.
    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        enclose(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    private mutating func enclose(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
        bytes.append(open)
        followsAnother = false
        body(&self)
        bytes.append(close)
        followsAnother = true
    }

    /// Appends an element of an array.
    package mutating func element(_ value: (inout JSONWriter) -> Void) {
        if followsAnother { bytes.append(UInt8(ascii: ",")) }
        value(&self)
        followsAnother = true
    }

    /// Appends a member; its name needs no escape and has not come before.
    package mutating func member(_ name: StaticString, _ value: (inout JSONWriter) -> Void) {
        if followsAnother { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        value(&self)
        followsAnother = true
    }

    /// Appends a member whose value is JSON text already, written by a `JSONWriter`.
    package mutating func member(_ name: StaticString, json text: [UInt8]) {
        member(name) { $0.bytes.append(contentsOf: text) }
    }

    /// Appends a member that is a string, or null.
    package mutating func member(_ name: StaticString, _ text: String?) {
        member(name) { writer in
            if let text { writer.write(text) } else { writer.write(.null) }
        }
    }

    /// Appends a member that is an integer.
    package mutating func member(_ name: StaticString, _ number: Int64) {
        member(name) { $0.bytes.append(contentsOf: String(number).utf8) }
    }

    /// Appends a member that is `true` or `false`.
    package mutating func member(_ name: StaticString, _ flag: Bool) {
        member(name) { $0.write(.bool(flag)) }
    }

    /// Appends one value.
    package mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: flag ? "true".utf8 : "false".utf8)
        case .number(let number): bytes.append(contentsOf: number.text.utf8)
        case .string(let text): write(text)
        case .array(let elements): write(elements)
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ elements: [JSONValue]) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            write(element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for member in sortsMembers ? sorted(object.members) : object.members {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            write(member.name)
            bytes.append(UInt8(ascii: ":"))
            write(member.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// The order of UTF-8 bytes is that of code points; Swift's own `<` compares normalised text and would not do.
    private func sorted(_ members: [JSONObject.Member]) -> [JSONObject.Member] {
        members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var runStart = 0
            for position in utf8.indices where needsEscape(utf8[position]) {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[runStart..<position]))
                writeEscape(of: utf8[position])
                runStart = position + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[runStart...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscape(of byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(Self.hexadecimalDigits[Int(byte >> 4)])
            bytes.append(Self.hexadecimalDigits[Int(byte & 15)])
        }
    }
}
