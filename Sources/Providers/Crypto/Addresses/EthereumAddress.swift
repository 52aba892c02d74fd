import Cryptography

/// Addresses of Ethereum and its test networks, with the checksum of ERC-55 in the case of their letters.
enum EthereumAddress {
    /// The normal form of an address that money may be sent to.
    ///
    /// Small letters alone and capital letters alone carry no checksum and are taken; a mixture has to be the right one.
    static func normalized(_ text: String) throws(CryptoAddressError) -> String {
        guard text.hasPrefix("0x") else { throw .prefix }
        let digits = text.utf8.dropFirst(2)
        guard digits.count == 40 else { throw .length }
        guard digits.allSatisfy(isHexadecimal) else { throw .character }
        guard digits.contains(where: { $0 != UInt8(ascii: "0") }) else { throw .zeroAddress }
        let written = String(text.dropFirst(2))
        let normal = checksummed(written.lowercased())
        let isWithoutChecksum = written == written.lowercased() || written == written.uppercased()
        guard isWithoutChecksum || normal == text else { throw .checksum }
        return normal
    }

    /// ERC-55: a letter is a capital where the digest of the small text has a digit of 8 or more.
    static func checksummed(_ smallDigits: String) -> String {
        let digest = Keccak256.digest(Array(smallDigits.utf8))
        let characters = smallDigits.utf8.enumerated().map { index, character in
            let digit = index.isMultiple(of: 2) ? digest[index / 2] >> 4 : digest[index / 2] & 15
            let isLetter = character >= UInt8(ascii: "a")
            return isLetter && digit >= 8 ? character - 32 : character
        }
        return "0x" + String(decoding: characters, as: UTF8.self)
    }

    /// Whether a byte is a digit of base 16, in either case.
    static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
