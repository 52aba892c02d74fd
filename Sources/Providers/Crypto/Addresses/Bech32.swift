/// Bech32 (BIP-173) and Bech32m (BIP-350): letters and digits of five bits each, with a checksum of six.
struct Bech32 {
    /// The part that names the network, in small letters.
    let prefix: String
    /// Groups of five bits, without the checksum.
    let groups: [UInt8]
    let variant: Variant

    /// What the checksum comes out as.
    enum Variant: UInt32, CaseIterable {
        case bech32 = 1
        case bech32m = 0x2bc8_30a3
    }

    /// BIP-173: an address has at most 90 characters.
    private static let charactersMax = 90
    private static let checksumCount = 6
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let values: [UInt8?] = (0...UInt8.max).map { byte in alphabet.firstIndex(of: byte).map { UInt8($0) } }

    /// Reads a text; capital letters are as good as small ones, a mixture is not.
    init(_ text: String) throws(CryptoAddressError) {
        let written = Array(text.utf8)
        guard written.count <= Bech32.charactersMax else { throw .length }
        guard written.allSatisfy({ (33...126).contains($0) }) else { throw .character }
        let small = Array(text.lowercased().utf8)
        guard written == small || written == Array(text.uppercased().utf8) else { throw .mixedCase }
        guard let separator = small.lastIndex(of: UInt8(ascii: "1")), separator > 0 else { throw .prefix }
        let characters = small[(separator + 1)...]
        guard characters.count >= Bech32.checksumCount else { throw .length }
        var groups: [UInt8] = []
        for character in characters {
            guard let value = Bech32.values[Int(character)] else { throw .character }
            groups.append(value)
        }
        let prefix = small[..<separator]
        let sum = Bech32.polymod(prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 } + groups)
        guard let variant = Variant(rawValue: sum) else { throw .checksum }
        self.prefix = String(decoding: prefix, as: UTF8.self)
        self.groups = groups.dropLast(Bech32.checksumCount)
        self.variant = variant
    }

    private static func polymod(_ values: [UInt8]) -> UInt32 {
        let generators: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        var sum: UInt32 = 1
        for value in values {
            let top = sum >> 25
            sum = (sum & 0x1ff_ffff) << 5 ^ UInt32(value)
            for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 {
                sum ^= generator
            }
        }
        return sum
    }
}
