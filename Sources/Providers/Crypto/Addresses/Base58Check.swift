import Cryptography

/// Base 58 with a checksum: the payload and the first four bytes of its double SHA-256.
enum Base58Check {
    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    private static let values: [Int?] = (0...UInt8.max).map { byte in alphabet.firstIndex(of: byte) }
    /// More than any address or key; decoding takes the square of the length.
    private static let charactersMax = 112

    /// The payload of a text whose checksum fits.
    static func decode(_ text: String) throws(CryptoAddressError) -> [UInt8] {
        let characters = Array(text.utf8)
        guard (1...charactersMax).contains(characters.count) else { throw .length }
        // Least significant byte first while it grows.
        var number: [UInt8] = []
        for character in characters {
            guard var carry = values[Int(character)] else { throw .character }
            for index in number.indices {
                carry += Int(number[index]) * 58
                number[index] = UInt8(carry & 0xff)
                carry >>= 8
            }
            if carry > 0 { number.append(UInt8(carry)) }
        }
        let zeros = characters.prefix { $0 == alphabet[0] }.count
        let bytes = [UInt8](repeating: 0, count: zeros) + number.reversed()
        guard bytes.count > 4 else { throw .length }
        let payload = Array(bytes.dropLast(4))
        guard SHA256.digest(SHA256.digest(payload)).prefix(4) == bytes.suffix(4) else { throw .checksum }
        return payload
    }
}
