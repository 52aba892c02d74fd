/// A JSON number kept as its exact source text.
///
/// No binary floating point anywhere: whoever needs a fraction parses the text as a decimal.
/// Equality is that of the text, so `1.0`, `1` and `1e0` are three different numbers.
package struct JSONNumber: Sendable, Hashable {
    /// The number as RFC 8259 section 6 spells it.
    package let text: String

    /// Makes the number that spells an integer.
    package init(_ integer: Int64) {
        text = String(integer)
    }

    /// Makes a number of its text, or nil when the text is not exactly one JSON number.
    package init?(_ text: String) {
        guard case .number(let number)? = try? JSONValue.parse(text), number.text.utf8.count == text.utf8.count else {
            return nil
        }
        self = number
    }

    /// Takes text that the parser has already checked.
    init(checkedText: String) {
        text = checkedText
    }

    /// The value of a number written without fraction and exponent, when it fits; `1.0` and `1e2` are not integers here.
    package var int64: Int64? {
        Int64(text)
    }
}
