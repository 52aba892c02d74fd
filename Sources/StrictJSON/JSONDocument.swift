/// A JSON text that was read and checked whole, of which nothing is copied before somebody asks for it.
///
/// Accepts and refuses exactly what ``JSONValue`` does, at a fraction of the cost where few values of a long text are wanted.
package struct JSONDocument: Sendable {
    private let storage: Storage

    /// What all views of the text share.
    final class Storage: Sendable {
        let bytes: [UInt8]
        let tokens: [JSONToken]
        let decoded: [String]

        init(bytes: [UInt8], tokens: [JSONToken], decoded: [String]) {
            self.bytes = bytes
            self.tokens = tokens
            self.decoded = decoded
        }
    }

    /// Reads exactly one JSON text.
    ///
    /// - Throws: ``JSONError`` with the first fault in reading order.
    package init(_ bytes: [UInt8], policy: JSONPolicy = .strict, limits: JSONLimits? = nil) throws(JSONError) {
        storage = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            var parser = JSONParser(bytes: buffer, policy: policy, limits: limits ?? policy.defaultLimits)
            try parser.parseText()
            return Storage(bytes: bytes, tokens: parser.tokens, decoded: parser.decoded)
        }
    }

    /// The value that the whole text is.
    package var root: JSONElement { JSONElement(storage: storage, place: 0) }
}

/// One value within a text that was read.
package struct JSONElement: Sendable {
    private let storage: JSONDocument.Storage
    private let place: Int

    init(storage: JSONDocument.Storage, place: Int) {
        self.storage = storage
        self.place = place
    }

    private var token: JSONToken { storage.tokens[place] }

    /// The value of the named member, or nil when this is no object or has no such member.
    package subscript(name: String) -> JSONElement? {
        let object = token
        guard object.kind == .object else { return nil }
        var name = name
        return name.withUTF8 { wanted in
            var member = place + 1
            for _ in 0..<object.count {
                if isName(member, wanted) { return JSONElement(storage: storage, place: member + 1) }
                member = Int(storage.tokens[member + 1].next)
            }
            return nil
        }
    }

    private func isName(_ place: Int, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        let token = storage.tokens[place]
        guard token.kind == .plainString else {
            return storage.decoded[Int(token.start)] == String(decoding: wanted, as: UTF8.self)
        }
        let start = Int(token.start)
        return Int(token.count) == wanted.count && storage.bytes[start..<start + wanted.count].elementsEqual(wanted)
    }

    /// The text of a string value.
    package var string: String? {
        let token = token
        switch token.kind {
        case .plainString: return text(of: token)
        case .decodedString: return storage.decoded[Int(token.start)]
        default: return nil
        }
    }

    /// The integer of a number written without fraction and exponent that fits 64 bits.
    package var int64: Int64? {
        let token = token
        return token.kind == .number ? Int64(text(of: token)) : nil
    }

    /// The truth value of `true` or `false`.
    package var bool: Bool? {
        switch token.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// True for the literal `null`; an absent member is nil, not null.
    package var isNull: Bool { token.kind == .null }

    /// The elements of an array value.
    package var array: [JSONElement]? {
        let array = token
        guard array.kind == .array else { return nil }
        var element = place + 1
        return (0..<array.count).map { _ in
            defer { element = Int(storage.tokens[element].next) }
            return JSONElement(storage: storage, place: element)
        }
    }

    /// The value with everything inside it, on its own.
    package var value: JSONValue {
        let token = token
        switch token.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .number: return .number(JSONNumber(checkedText: text(of: token)))
        case .plainString: return .string(text(of: token))
        case .decodedString: return .string(storage.decoded[Int(token.start)])
        case .array: return .array((array ?? []).map(\.value))
        case .object: return .object(object(of: token))
        }
    }

    private func object(of token: JSONToken) -> JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(Int(token.count))
        var member = place + 1
        for _ in 0..<token.count {
            let name = JSONElement(storage: storage, place: member).string ?? ""
            members.append(JSONObject.Member(name: name, value: JSONElement(storage: storage, place: member + 1).value))
            member = Int(storage.tokens[member + 1].next)
        }
        return JSONObject(distinctMembers: members)
    }

    private func text(of token: JSONToken) -> String {
        let start = Int(token.start)
        return String(decoding: storage.bytes[start..<start + Int(token.count)], as: UTF8.self)
    }
}
