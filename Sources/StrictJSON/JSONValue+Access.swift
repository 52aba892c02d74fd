extension JSONValue {
    /// The value of the named member, or nil when this is no object or has no such member.
    package subscript(name: String) -> JSONValue? {
        object?[name]
    }

    /// The text of a string value.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The members of an object value.
    package var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// The elements of an array value.
    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The number value with its exact text.
    package var number: JSONNumber? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    /// The integer of a number written without fraction and exponent that fits 64 bits.
    package var int64: Int64? {
        number?.int64
    }

    /// The truth value of `true` or `false`.
    package var bool: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// True for the literal `null`; an absent member is nil, not null.
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }
}
