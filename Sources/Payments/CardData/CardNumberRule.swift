/// Recognises card numbers, so that none ever enters: a request that holds one is refused before anything of it is logged or stored.
///
/// ISO/IEC 7812-1: 13 to 19 digits with a Luhn check digit; the first digit of payment cards is 2 to 6. Digits may be grouped by single
/// spaces or hyphens.
package enum CardNumberRule {
    /// Whether some run of digits in `text` looks like a card number.
    package static func isCardNumber(in text: String) -> Bool {
        guard text.utf8.count >= 13 else { return false }
        var digits: [UInt8] = []
        var lastWasSeparator = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte - UInt8(ascii: "0"))
                lastWasSeparator = false
            case UInt8(ascii: " "), UInt8(ascii: "-"):
                if lastWasSeparator {
                    if isCardNumber(digits) { return true }
                    digits = []
                }
                lastWasSeparator = true
            default:
                if isCardNumber(digits) { return true }
                digits = []
                lastWasSeparator = false
            }
        }
        return isCardNumber(digits)
    }

    private static func isCardNumber(_ digits: [UInt8]) -> Bool {
        guard (13...19).contains(digits.count), (2...6).contains(digits[0]) else { return false }
        var sum = 0
        for (position, digit) in digits.reversed().enumerated() {
            let doubled = position % 2 == 1 ? Int(digit) * 2 : Int(digit)
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }
}
