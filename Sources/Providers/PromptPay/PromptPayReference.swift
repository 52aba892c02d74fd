/// Our reference on a QR, by which a payment finds its charge: eleven random characters and one that checks them.
///
/// 55 random bits cannot be guessed; the alphabet has no letters that look like digits. The check character is a weighted sum modulo 37
/// over the positions, which finds every wrong character and every exchange of neighbours.
package enum PromptPayReference {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    /// One for each remainder: digits, then all letters, then a space that is never used (such a reference is drawn again).
    private static let checkAlphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let randomLength = 11

    /// Draws a reference.
    package static func make(random: inout some RandomNumberGenerator) -> String {
        while true {
            let characters = (0..<randomLength).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
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
