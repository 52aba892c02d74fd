import HTTPTypes
import Payments
import StrictJSON

/// Looks for card numbers wherever a caller could put one.
enum CardNumbers {
    /// Whether any string, name or number of a body is one.
    static func areIn(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool: false
        case .number(let number): CardNumberRule.isCardNumber(in: number.text)
        case .string(let text): CardNumberRule.isCardNumber(in: text)
        case .array(let elements): elements.contains(where: areIn)
        case .object(let object): object.members.contains { CardNumberRule.isCardNumber(in: $0.name) || areIn($0.value) }
        }
    }

    /// Whether a header that a caller fills freely is one.
    static func areIn(_ headers: HTTPFields) -> Bool {
        headers.contains { field in
            (field.name == .idempotencyKey || field.name == .userAgent) && CardNumberRule.isCardNumber(in: field.value)
        }
    }
}
