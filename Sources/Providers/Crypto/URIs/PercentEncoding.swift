/// Percent-encoding of query values (RFC 3986, section 2.1); a plus sign is a plus sign and no space.
enum PercentEncoding {
    /// The text with everything but letters, digits and `-._~` written as %XX of its UTF-8 bytes.
    static func encode(_ text: String) -> String {
        FormEncoding.encode(text)
    }

    /// Reads a value; nil when an escape is cut off, is no hexadecimal, or the bytes are no UTF-8.
    static func decode(_ text: some Sequence<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let first = iterator.next(), let second = iterator.next(), let high = digit(first), let low = digit(second) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// The query of a payment URI: pairs of a key and its decoded value, in order.
struct PaymentURIQuery {
    let pairs: [(key: String, value: String)]

    /// Reads what stands behind the question mark; empty pieces are passed over.
    init(_ text: some Collection<UInt8>) throws(PaymentURIError) {
        var pairs: [(key: String, value: String)] = []
        for piece in text.split(separator: UInt8(ascii: "&")) {
            let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            guard let key = PercentEncoding.decode(piece[..<equals]), let value = PercentEncoding.decode(piece[equals...].dropFirst())
            else { throw .escape }
            pairs.append((key, value))
        }
        self.pairs = pairs
    }
}

/// Why a payment URI cannot be made or read.
package enum PaymentURIError: String, Error, Sendable, CaseIterable {
    case scheme = "bad_scheme"
    case address = "bad_address"
    case amount = "bad_amount"
    case escape = "bad_escape"
    case duplicate = "duplicate_parameter"
    case unknownRequirement = "unknown_required_parameter"
    case chain = "bad_chain"
    case function = "bad_function"
    case nothingToPay = "no_payment_instruction"
}
