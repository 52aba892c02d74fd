import HTTPTypes

/// The value of the `Idempotency-Key` header.
///
/// draft-ietf-httpapi-idempotency-key-header-07 section 2.1 wants a quoted string, most clients send it bare; both are one key.
struct IdempotencyKey: Sendable, Hashable {
    let text: String

    private static let lengthMax = 255

    /// Reads the header.
    ///
    /// - Throws: `Problem` when it is missing or malformed.
    init(_ headers: HTTPFields) throws(Problem) {
        guard let value = headers[.idempotencyKey] else { throw Problem(.idempotencyKeyMissing) }
        var text = Substring(value)
        if text.count >= 2, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
        guard (1...IdempotencyKey.lengthMax).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(.idempotencyKeyInvalid)
        }
        self.text = String(text)
    }
}

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a header name of ours is not a token") }
        return name
    }

    static let idempotencyKey = known("Idempotency-Key")
    static let idempotencyReplayed = known("Idempotency-Replayed")
    static let requestID = known("X-Request-Id")
}
