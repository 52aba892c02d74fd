extension PromptPayTarget {
    /// Reads a target as people write it: `mobile:0812345678`, `national_id:…`, `tax_id:…`, `ewallet:…`, `biller:…`.
    ///
    /// Without a prefix only what cannot be mistaken is taken: ten digits from 06, 08 or 09, thirteen digits with a right check digit,
    /// fifteen digits as an e-wallet.
    ///
    /// - Throws: `PromptPayError`.
    package init(text: String, reference1: String? = nil, reference2: String? = nil) throws(PromptPayError) {
        guard let colon = text.firstIndex(of: ":") else {
            self = try PromptPayTarget.unmistakable(text)
            return
        }
        let value = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "mobile": self = try .mobile(value)
        case "national_id", "tax_id": self = try .taxID(value)
        case "ewallet": self = try .ewallet(value)
        case "biller": self = try .biller(value, reference1: reference1 ?? "", reference2: reference2)
        default: throw .unknownTarget
        }
    }

    private static func unmistakable(_ text: String) throws(PromptPayError) -> PromptPayTarget {
        guard !text.isEmpty else { throw .emptyTarget }
        let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDigits else { return try mobile(text) }
        switch text.utf8.count {
        case 10: return try mobile(text)
        case 13:
            guard ThaiID.hasRightCheckDigit(text) else { throw .ambiguousDigits }
            return .taxID(digits: text)
        case 15: return .ewallet(digits: text)
        default: throw .badLength
        }
    }
}

/// The check digit of Thai national and tax ids: weights 13 to 2 over twelve digits, (11 - sum mod 11) mod 10.
package enum ThaiID {
    /// Whether the last of 13 digits fits the others; test ids and some old ones do not.
    package static func hasRightCheckDigit(_ text: String) -> Bool {
        let digits = text.utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
        guard digits.count == 13, digits.allSatisfy({ (0...9).contains($0) }) else { return false }
        let sum = zip(digits, stride(from: 13, to: 1, by: -1)).reduce(0) { $0 + $1.0 * $1.1 }
        return digits[12] == (11 - sum % 11) % 10
    }
}
