/// Who is paid by a credit transfer or a bill; the kind is always told, never guessed from the number of digits.
package enum PromptPayTarget: Sendable, Hashable {
    /// 13 digits: `0066` and the number without its leading zero.
    case mobile(wire: String)
    /// A national id or tax id of 13 digits.
    case taxID(digits: String)
    /// An e-wallet of 15 digits.
    case ewallet(digits: String)
    /// A bank code of 3 digits and an account.
    case bankAccount(digits: String)
    /// A biller of 15 digits with its references.
    case biller(id: String, reference1: String, reference2: String?)

    /// A mobile number, with or without `+66`, with spaces or hyphens between the digits.
    ///
    /// - Throws: `PromptPayError`.
    package static func mobile(_ text: String) throws(PromptPayError) -> PromptPayTarget {
        var digits = try self.digits(in: text, allowsPlus: true)
        if digits.count == 13 { throw .ambiguousDigits }
        if digits.count == 11, digits.hasPrefix("66") { digits = "0" + digits.dropFirst(2) }
        guard digits.count == 10 else { throw .badLength }
        let isMobile = ["06", "08", "09"].contains { digits.hasPrefix($0) }
        // The all-zero number is the one that documentation uses.
        guard isMobile || digits.allSatisfy({ $0 == "0" }) else { throw .notAMobile }
        return .mobile(wire: "0066" + digits.dropFirst())
    }

    /// A national id or tax id.
    ///
    /// - Throws: `PromptPayError`.
    package static func taxID(_ text: String) throws(PromptPayError) -> PromptPayTarget {
        let digits = try self.digits(in: text)
        guard digits.count == 13 else { throw .badLength }
        return .taxID(digits: digits)
    }

    /// An e-wallet.
    ///
    /// - Throws: `PromptPayError`.
    package static func ewallet(_ text: String) throws(PromptPayError) -> PromptPayTarget {
        let digits = try self.digits(in: text)
        guard digits.count == 15 else { throw .badLength }
        return .ewallet(digits: digits)
    }

    /// A bank account: the bank's three digits and the account, 43 characters at most.
    ///
    /// - Throws: `PromptPayError`.
    package static func bankAccount(_ text: String) throws(PromptPayError) -> PromptPayTarget {
        let digits = try self.digits(in: text)
        guard (4...43).contains(digits.count) else { throw .badLength }
        return .bankAccount(digits: digits)
    }

    /// A bill.
    ///
    /// - Throws: `PromptPayError`.
    package static func biller(_ text: String, reference1: String, reference2: String? = nil) throws(PromptPayError) -> PromptPayTarget {
        let id = try billerID(text)
        guard !reference1.isEmpty else { throw .referenceMissing }
        try checkReference(reference1)
        if let reference2 { try checkReference(reference2) }
        return .biller(id: id, reference1: reference1, reference2: reference2)
    }

    /// A biller's 15 digits.
    static func billerID(_ text: String) throws(PromptPayError) -> String {
        let digits = try self.digits(in: text)
        guard digits.count == 15 else { throw .billerLength }
        return digits
    }

    /// SCB, "Create QR code": references are A-Z and 0-9, 20 at most.
    private static func checkReference(_ text: String) throws(PromptPayError) {
        guard (1...20).contains(text.utf8.count) else { throw .referenceLength }
        let isPlain = text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
        }
        guard isPlain else { throw .referenceCharacters }
    }

    private static func digits(in text: String, allowsPlus: Bool = false) throws(PromptPayError) -> String {
        guard !text.isEmpty else { throw .emptyTarget }
        var digits = ""
        for (index, character) in text.unicodeScalars.enumerated() {
            switch character {
            case "0"..."9": digits.unicodeScalars.append(character)
            case " ", "-": continue
            case "+" where allowsPlus && index == 0: continue
            default: throw character.properties.numericType == nil ? .nonDigit : .nonASCIIDigit
            }
        }
        guard !digits.isEmpty else { throw .emptyTarget }
        return digits
    }
}
