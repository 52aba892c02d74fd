/// The members of a JSON object in source order, each name once.
///
/// Names are compared as Swift strings, so two spellings of one character (Unicode canonical equivalence) are one name.
/// Look-up is linear: decoders ask for a handful of names, and objects are small.
package struct JSONObject: Sendable, Hashable {
    /// One name and its value.
    package struct Member: Sendable, Hashable {
        package let name: String
        package var value: JSONValue

        /// Pairs a name with its value.
        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var members: [Member]

    /// Makes an object of pairs; when a name comes twice, the later value takes the place of the earlier.
    package init(_ pairs: [(String, JSONValue)] = []) {
        members = []
        members.reserveCapacity(pairs.count)
        for (name, value) in pairs {
            self[name] = value
        }
    }

    /// Takes members whose names the caller has already proved to be distinct.
    init(distinctMembers: [Member]) {
        members = distinctMembers
    }

    /// The value of the named member; setting appends or replaces in place, setting nil removes.
    package subscript(name: String) -> JSONValue? {
        get {
            for member in members where member.name == name {
                return member.value
            }
            return nil
        }
        set {
            let position = members.firstIndex { $0.name == name }
            switch (position, newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil): members.remove(at: position)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The member names in source order.
    package var names: [String] {
        members.map(\.name)
    }

    package var count: Int {
        members.count
    }

    package var isEmpty: Bool {
        members.isEmpty
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object with the members in the order written.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements)
    }
}
