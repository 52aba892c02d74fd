/// Recognises card numbers, so that none ever enters: a request that holds one is refused before anything of it is logged or stored.
///
/// ISO/IEC 7812-1: 13 to 19 digits with a Luhn check digit; the first digit of payment cards is 2 to 6. Digits may be grouped by single
/// spaces, or by hyphens as cards print them. Digits within an identifier that mixes letters and digits, as a UUID or a signature does,
/// are no card number: one of ten would pass the check digit by chance, and a good request would be refused.
package enum CardNumberRule {
    /// How cards group their digits: four fours, American Express, Diners Club, and the long numbers of Maestro.
    private static let printedGroups = [[4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3]]

    /// Whether some run of digits in `text` looks like a card number.
    package static func isCardNumber(in text: String) -> Bool {
        // Nearly every text is done with here; the rest costs much more.
        guard text.utf8.count(where: isDigit) >= 13 else { return false }
        return text.utf8.split { !isPart($0) }.contains { phrase in
            isSpaced(phrase) || phrase.split(separator: UInt8(ascii: " ")).contains(where: isWritten)
        }
    }

    /// Letters, digits and what can stand between the groups of a number.
    private static func isPart(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-")
    }

    /// Whether groups of digits with single spaces between them form a number.
    private static func isSpaced(_ phrase: Substring.UTF8View) -> Bool {
        let words = phrase.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        return words.split { $0.isEmpty || !$0.allSatisfy(isDigit) }.contains { passesCheck($0.joined()) }
    }

    /// Whether a word without spaces is a number, or holds one that is grouped as on a card.
    private static func isWritten(_ word: Substring.UTF8View.SubSequence) -> Bool {
        let parts = word.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        if parts.contains(where: isBare) { return true }
        return printedGroups.contains { lengths in
            guard parts.count >= lengths.count else { return false }
            return (0...parts.count - lengths.count).contains { start in
                let group = parts[start..<start + lengths.count]
                return group.map(\.count) == lengths && group.allSatisfy { $0.allSatisfy(isDigit) } && passesCheck(group.joined())
            }
        }
    }

    /// Whether a part is one number, perhaps with letters stuck to it, and not a mixture of letters and digits.
    private static func isBare(_ part: Substring.UTF8View.SubSequence) -> Bool {
        let runs = part.split { !isDigit($0) }
        return runs.count == 1 && passesCheck(runs[0])
    }

    private static func passesCheck(_ characters: some Sequence<UInt8>) -> Bool {
        let digits = characters.map { $0 - UInt8(ascii: "0") }
        guard (13...19).contains(digits.count), (2...6).contains(digits[0]) else { return false }
        var sum = 0
        for (position, digit) in digits.reversed().enumerated() {
            let doubled = position % 2 == 1 ? Int(digit) * 2 : Int(digit)
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
