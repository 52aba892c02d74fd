/// Our references on a QR: reference 1 finds the charge, reference 2 tells the attempt.
///
/// Reference 1, by which a payment finds its charge: eleven random characters and one that checks them.
///
/// 55 random bits cannot be guessed; the alphabet has no letters that look like digits. The check character is a weighted sum modulo 37
/// over the positions, which finds every wrong character and every exchange of neighbours.
package enum PromptPayReference {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    /// One for each remainder: digits, then all letters, then a space that is never used (such a reference is drawn again).
    private static let checkAlphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let randomLength = 11

    /// Reference 2 of a charge's QR.
    ///
    /// A charge draws one QR and keeps it; whoever wants another makes another charge, with a reference 1 of its own.
    package static let attempt = "A1"

    /// Whether reference 2 of a payment names an attempt that no charge has; what does not look like an attempt says nothing, because
    /// counters and banks write all sorts of things there.
    static func isForeignAttempt(_ text: String) -> Bool {
        guard text.utf8.first == UInt8(ascii: "A"), text != attempt else { return false }
        let number = text.utf8.dropFirst()
        return (1...3).contains(number.count) && number.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Draws a reference.
    package static func make(random: inout some RandomNumberGenerator) -> String {
        while true {
            // Five bits a character: one draw, for each costs a call to the system.
            let bits = random.next()
            let characters = (0..<randomLength).map { alphabet[Int(truncatingIfNeeded: bits >> UInt64(5 * $0)) & 31] }
            guard let check = checkCharacter(for: characters) else { continue }
            return String(decoding: characters + [check], as: UTF8.self)
        }
    }

    /// Whether a text can be one of ours, typed or scanned without error.
    package static func isWellFormed(_ text: String) -> Bool {
        let characters = Array(text.utf8)
        guard characters.count == randomLength + 1 else { return false }
        return checkCharacter(for: Array(characters.dropLast())) == characters.last
    }

    private static func checkCharacter(for characters: [UInt8]) -> UInt8? {
        var sum = 0
        for (position, character) in characters.enumerated() {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            sum += value * (position + 2)
        }
        let remainder = sum % 37
        return remainder < checkAlphabet.count ? checkAlphabet[remainder] : nil
    }
}
