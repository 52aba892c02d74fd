extension JSONValue {
    /// Reads exactly one JSON text from an array.
    ///
    /// - Throws: ``JSONError`` with the first fault in reading order.
    package static func parse(_ bytes: [UInt8], policy: JSONPolicy = .strict, limits: JSONLimits? = nil) throws(JSONError) -> JSONValue {
        try JSONDocument(bytes, policy: policy, limits: limits).root.value
    }

    /// Reads exactly one JSON text from borrowed memory.
    package static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>,
        policy: JSONPolicy = .strict,
        limits: JSONLimits? = nil
    ) throws(JSONError) -> JSONValue {
        try parse(Array(bytes), policy: policy, limits: limits)
    }

    /// Reads exactly one JSON text from borrowed memory.
    package static func parse(_ bytes: Span<UInt8>, policy: JSONPolicy = .strict, limits: JSONLimits? = nil) throws(JSONError) -> JSONValue
    {
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
        try parse(Array(bytes), policy: policy, limits: limits)
    }

    /// Reads exactly one JSON text from a string.
    package static func parse(_ text: String, policy: JSONPolicy = .strict, limits: JSONLimits? = nil) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8), policy: policy, limits: limits)
    }
}
