/// A text that never prints, such as an interface key or a password.
package struct SecretText: Sendable, Equatable {
    /// The UTF-8 form, equally guarded.
    package let bytes: SecretBytes

    /// Copies the text into memory that is cleared when the last owner lets go.
    package init(_ text: String) {
        bytes = SecretBytes(Array(text.utf8))
    }

    /// The text itself, as an ordinary string that nobody clears; the name makes each use easy to find.
    package var exposed: String {
        String(decoding: bytes.exposed, as: UTF8.self)
    }

    package var isEmpty: Bool {
        bytes.count == 0
    }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
