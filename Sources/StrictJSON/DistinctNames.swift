/// Sees to it that no name comes twice in an object.
///
/// Names are equal when they are equal as Swift strings, so two spellings of one character (Unicode canonical equivalence) are one name.
/// Plain names are compared by their bytes, and mostly not even that: a name whose trait no earlier name has is new.
struct DistinctNames {
    /// Up to here comparing with each earlier name is faster than hashing; beyond it a hostile body would make the work quadratic.
    private static let linearLimit = 64

    private(set) var count = 0
    /// A bit for each trait of an earlier name.
    private var traits: UInt64 = 0
    private var areAllPlain = true
    private var hashed: Set<String> = []

    /// Takes the name whose token was just added; false when the object had it already.
    mutating func insert(_ name: Int, of object: Int, in parser: JSONParser) -> Bool {
        defer { count += 1 }
        if count >= DistinctNames.linearLimit { return insertHashed(name, of: object, in: parser) }
        let token = parser.tokens[name]
        guard areAllPlain, token.kind == .plainString else {
            areAllPlain = false
            return !earlierNames(before: name, of: object, in: parser) { parser.text(of: $0) == parser.text(of: token) }
        }
        let trait = DistinctNames.trait(of: parser.content(of: token))
        guard traits & trait != 0 else {
            traits |= trait
            return true
        }
        let content = parser.content(of: token)
        return !earlierNames(before: name, of: object, in: parser) { earlier in
            earlier.count == token.count && parser.content(of: earlier).elementsEqual(content)
        }
    }

    private mutating func insertHashed(_ name: Int, of object: Int, in parser: JSONParser) -> Bool {
        if hashed.isEmpty {
            var earlier: Set<String> = []
            _ = earlierNames(before: name, of: object, in: parser) { token in
                earlier.insert(parser.text(of: token))
                return false
            }
            hashed = earlier
        }
        return hashed.insert(parser.text(of: parser.tokens[name])).inserted
    }

    /// Whether any earlier name of the object is like that.
    private func earlierNames(before name: Int, of object: Int, in parser: JSONParser, _ isLike: (JSONToken) -> Bool) -> Bool {
        var place = object + 1
        while place < name {
            if isLike(parser.tokens[place]) { return true }
            place = Int(parser.tokens[place + 1].next)
        }
        return false
    }

    /// One of 64 bits, made of a name's length, its middle byte and its last.
    private static func trait(of name: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let last = name.last else { return 1 }
        let middle = UInt64(name[name.count / 2])
        let mixed = (UInt64(name.count) << 16 | middle << 8 | UInt64(last)) &* 0x9E37_79B9_7F4A_7C15
        return 1 << (mixed >> 58)
    }
}
