import Cryptography

/// Addresses and transaction ids that follow from a seed, with right checksums, of test networks only.
struct SimulatedAddress {
    let seed: String

    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    /// A `tb1q…` address (BIP-173): witness version 0 with the first twenty bytes of a digest.
    func bitcoin(_ number: Int) -> String {
        let program = bytes("btc", number).prefix(20)
        let groups: [UInt8] = [0] + SimulatedAddress.fives(Array(program))
        // "tb" as the checksum takes it: the high bits of each letter, a zero, the low bits.
        let prefix: [UInt8] = [3, 3, 0, 20, 2]
        let sum = SimulatedAddress.checksum(prefix + groups + [UInt8](repeating: 0, count: 6)) ^ 1
        let check: [UInt8] = (0..<6).map { index in UInt8(truncatingIfNeeded: sum >> UInt32(5 * (5 - index))) & 31 }
        return "tb1" + String(decoding: (groups + check).map { SimulatedAddress.alphabet[Int($0)] }, as: UTF8.self)
    }

    /// A `0x…` address with the checksum of ERC-55.
    func ethereum(_ number: Int) -> String {
        SimulatedAddress.checksummed(Hexadecimal.encode(Array(bytes("eth", number).prefix(20))))
    }

    /// The id of a transaction's first output.
    func transaction(_ number: Int) -> String {
        Hexadecimal.encode(bytes("tx", number)) + "-0"
    }

    private func bytes(_ kind: String, _ number: Int) -> [UInt8] {
        SHA256.digest(Array("\(seed):\(kind):\(number)".utf8))
    }

    /// ERC-55: a letter is a capital where the digest of the small text has a digit of 8 or more.
    static func checksummed(_ digits: String) -> String {
        let digest = Array(Hexadecimal.encode(Keccak256.digest(Array(digits.utf8))).utf8)
        let characters = zip(digits.utf8, digest).map { character, check in
            character >= UInt8(ascii: "a") && check >= UInt8(ascii: "8") ? character - 32 : character
        }
        return "0x" + String(decoding: characters, as: UTF8.self)
    }

    private static func fives(_ bytes: [UInt8]) -> [UInt8] {
        let bits: [UInt8] = bytes.flatMap { byte in (0..<8).map { (byte >> UInt8(7 - $0)) & 1 } }
        return stride(from: 0, to: bits.count, by: 5).map { start in bits[start..<(start + 5)].reduce(0) { $0 << 1 | $1 } }
    }

    private static func checksum(_ values: [UInt8]) -> UInt32 {
        let generators: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        var sum: UInt32 = 1
        for value in values {
            let top = sum >> 25
            sum = (sum & 0x1ff_ffff) << 5 ^ UInt32(value)
            for (bit, generator) in generators.enumerated() where (top >> UInt32(bit)) & 1 == 1 { sum ^= generator }
        }
        return sum
    }
}
