/// Keccak-256 as Ethereum uses it: the padding of the original submission, which is not that of SHA3-256 (FIPS 202).
///
/// OpenSSL has it only from 3.2 on. It is used for checksums of addresses, never for secrets.
package enum Keccak256 {
    /// Length of a digest in bytes.
    package static let byteCount = 32

    /// Bytes that one permutation takes in: the state's 200 less twice the digest.
    private static let rate = 136

    /// The digest of the bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var state = [UInt64](repeating: 0, count: 25)
        var padded = bytes
        padded.append(0x01)
        padded += [UInt8](repeating: 0, count: (rate - padded.count % rate) % rate)
        padded[padded.count - 1] |= 0x80
        for start in stride(from: 0, to: padded.count, by: rate) {
            for lane in 0..<(rate / 8) {
                state[lane] ^= word(of: padded, at: start + 8 * lane)
            }
            permute(&state)
        }
        return (0..<byteCount).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64(8 * ($0 % 8))) }
    }

    private static func word(of bytes: [UInt8], at start: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in (0..<8).reversed() { word = word << 8 | UInt64(bytes[start + index]) }
        return word
    }

    /// The 24 rounds of Keccak-f[1600]: theta, rho and pi, chi, iota.
    private static func permute(_ state: inout [UInt64]) {
        for constant in roundConstants {
            var parities = [UInt64](repeating: 0, count: 5)
            for (lane, word) in state.enumerated() { parities[lane % 5] ^= word }
            for column in 0..<5 {
                let right: UInt64 = rotated(parities[(column + 1) % 5], by: 1)
                let change: UInt64 = parities[(column + 4) % 5] ^ right
                for row in stride(from: 0, to: 25, by: 5) { state[row + column] ^= change }
            }
            var moving = state[1]
            for (destination, rotation) in zip(lanes, rotations) {
                let next = state[destination]
                state[destination] = rotated(moving, by: rotation)
                moving = next
            }
            for row in stride(from: 0, to: 25, by: 5) {
                let old = Array(state[row..<(row + 5)])
                for column in 0..<5 {
                    let masked: UInt64 = ~old[(column + 1) % 5] & old[(column + 2) % 5]
                    state[row + column] = old[column] ^ masked
                }
            }
            state[0] ^= constant
        }
    }

    private static func rotated(_ word: UInt64, by bits: UInt64) -> UInt64 {
        word << bits | word >> (64 - bits)
    }

    private static let rotations: [UInt64] = [
        1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
    ]

    private static let lanes = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1]

    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000,
        0x0000_0000_0000_808b, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
        0x0000_0000_0000_008a, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
        0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
        0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800a, 0x8000_0000_8000_000a,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]
}
