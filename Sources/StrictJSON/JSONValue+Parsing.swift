extension JSONValue {
    /// Reads exactly one JSON text.
    ///
    /// - Throws: ``JSONError`` with the first fault in reading order.
    package static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>,
        policy: JSONPolicy = .strict,
        limits: JSONLimits? = nil
    ) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, policy: policy, limits: limits ?? policy.defaultLimits)
        return try parser.parseText()
    }

    /// Reads exactly one JSON text from an array.
    package static func parse(_ bytes: [UInt8], policy: JSONPolicy = .strict, limits: JSONLimits? = nil) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            try parse(buffer, policy: policy, limits: limits)
        }
    }

    /// Reads exactly one JSON text from part of an array; offsets in errors count from the start of the part.
    package static func parse(
        _ bytes: ArraySlice<UInt8>,
        policy: JSONPolicy = .strict,
        limits: JSONLimits? = nil
    ) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            try parse(buffer, policy: policy, limits: limits)
        }
    }

    /// Reads exactly one JSON text from borrowed memory.
    package static func parse(_ bytes: Span<UInt8>, policy: JSONPolicy = .strict, limits: JSONLimits? = nil) throws(JSONError) -> JSONValue
    {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            try parse(buffer, policy: policy, limits: limits)
        }
    }

    /// Reads exactly one JSON text from a string.
    package static func parse(_ text: String, policy: JSONPolicy = .strict, limits: JSONLimits? = nil) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8), policy: policy, limits: limits)
    }
}
