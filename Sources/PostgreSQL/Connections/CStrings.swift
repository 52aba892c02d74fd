/// Lends Swift strings to C as an array that ends with a null pointer.
enum CStrings {
    /// Calls `body` with the array, which is good during the call only.
    static func with<Value>(_ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> Value) -> Value {
        unsafe lend(strings[...], [], body)
    }

    private static func lend<Value>(
        _ rest: ArraySlice<String>,
        _ lent: [UnsafePointer<CChar>?],
        _ body: ([UnsafePointer<CChar>?]) -> Value
    ) -> Value {
        guard let first = rest.first else { return unsafe body(lent + [nil]) }
        return unsafe first.withCString { pointer in unsafe lend(rest.dropFirst(), lent + [pointer], body) }
    }
}
