/// A native segwit address: a witness version and its program (BIP-141, BIP-350).
struct SegwitAddress {
    let network: CryptoNetwork
    let version: UInt8
    let program: [UInt8]

    /// Reads an address of either network.
    init(_ text: String) throws(CryptoAddressError) {
        let encoded = try Bech32(text)
        switch encoded.prefix {
        case "bc": network = .bitcoin
        case "tb": network = .bitcoinTestnet
        default: throw .prefix
        }
        guard let version = encoded.groups.first else { throw .length }
        guard version <= 16 else { throw .version }
        guard encoded.variant == (version == 0 ? .bech32 : .bech32m) else { throw .checksumOfOtherVersion }
        self.version = version
        program = try SegwitAddress.bytes(encoded.groups.dropFirst())
        guard (2...40).contains(program.count), version > 0 || program.count == 20 || program.count == 32 else { throw .programLength }
    }

    /// Whether a text means to be one, whatever is wrong with it.
    static func isMeant(by text: String) -> Bool {
        let small = text.lowercased()
        return small.hasPrefix("bc1") || small.hasPrefix("tb1")
    }

    /// Groups of five bits as bytes; what is left over is less than a group, and zero.
    private static func bytes(_ groups: ArraySlice<UInt8>) throws(CryptoAddressError) -> [UInt8] {
        var bytes: [UInt8] = []
        var gathered: UInt32 = 0
        var bits = 0
        for group in groups {
            gathered = (gathered << 5 | UInt32(group)) & 0xfff
            bits += 5
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: gathered >> UInt32(bits)))
        }
        guard bits < 5, gathered & (1 << UInt32(bits) - 1) == 0 else { throw .padding }
        return bytes
    }
}
