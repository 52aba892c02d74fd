import StrictJSON

/// Reads the members of a request's object one by one and refuses what was not asked for.
///
/// Strict towards our own callers: unknown members, wrong types and over-long texts are errors that name the member.
struct ObjectReader {
    private let object: JSONObject
    private let path: String
    private var read: Set<String> = []

    /// Begins to read `object`, which stands at the JSON pointer `path`.
    init(_ object: JSONObject, at path: String = "") {
        self.object = object
        self.path = path
    }

    /// The JSON pointer of a member.
    func pointer(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// A text that must be there.
    mutating func text(_ name: String, lengthMax: Int = 255) throws(Problem) -> String {
        guard let text = try optionalText(name, lengthMax: lengthMax) else {
            throw .field(pointer(name), "This member is required.")
        }
        return text
    }

    /// A text that may be missing or null; never empty.
    mutating func optionalText(_ name: String, lengthMax: Int = 255) throws(Problem) -> String? {
        guard let value = member(name) else { return nil }
        guard case .string(let text) = value else { throw .field(pointer(name), "This member must be a string.") }
        guard !text.isEmpty, text.utf8.count <= lengthMax else {
            throw .field(pointer(name), "This member must have 1 to \(lengthMax) bytes.")
        }
        return text
    }

    /// A whole number within bounds that may be missing or null.
    mutating func optionalInteger(_ name: String, in range: ClosedRange<Int64>) throws(Problem) -> Int64? {
        guard let value = member(name) else { return nil }
        guard case .number(let number) = value, let integer = number.int64, range.contains(integer) else {
            throw .field(pointer(name), "This member must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return integer
    }

    /// An object that may be missing or null.
    mutating func optionalObject(_ name: String) throws(Problem) -> JSONObject? {
        guard let value = member(name) else { return nil }
        guard case .object(let object) = value else { throw .field(pointer(name), "This member must be an object.") }
        return object
    }

    /// The elements of an array; it may be missing or null where it may be empty.
    mutating func array(_ name: String, count: ClosedRange<Int>) throws(Problem) -> [JSONValue] {
        guard let value = member(name) else {
            guard count.contains(0) else { throw .field(pointer(name), "This member is required.") }
            return []
        }
        guard case .array(let elements) = value, count.contains(elements.count) else {
            throw .field(pointer(name), "This member must be an array of \(count.lowerBound) to \(count.upperBound) elements.")
        }
        return elements
    }

    /// The objects of an array, each to be read at its own pointer.
    mutating func objects(_ name: String, count: ClosedRange<Int>) throws(Problem) -> [ObjectReader] {
        var readers: [ObjectReader] = []
        for (index, element) in try array(name, count: count).enumerated() {
            guard case .object(let object) = element else { throw .field("\(pointer(name))/\(index)", "This must be an object.") }
            readers.append(ObjectReader(object, at: "\(pointer(name))/\(index)"))
        }
        return readers
    }

    /// A text that must be there and be read as a value.
    mutating func value<Value>(_ name: String, _ expected: String, _ read: (String) -> Value?) throws(Problem) -> Value {
        guard let value = read(try text(name)) else { throw .field(pointer(name), expected) }
        return value
    }

    /// Refuses members that nobody asked for.
    func finish() throws(Problem) {
        for member in object.members where !read.contains(member.name) {
            throw .field(pointer(member.name), "This member is not known.")
        }
    }

    private mutating func member(_ name: String) -> JSONValue? {
        read.insert(name)
        guard let value = object[name], value != .null else { return nil }
        return value
    }
}
