/// FIPS 180-4, section 6.2; here so that this target needs no other, and small because speed does not matter.
enum SHA256Digest {
    /// The digest as 64 lower-case digits.
    static func hexadecimal(of message: [UInt8]) -> String {
        var state: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
        ]
        let padded = padded(message)
        for start in stride(from: 0, to: padded.count, by: 64) { add(padded[start..<(start + 64)], to: &state) }
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private static func padded(_ message: [UInt8]) -> [UInt8] {
        let zeros = (119 - message.count % 64) % 64
        let length = (0..<8).reversed().map { UInt8(truncatingIfNeeded: (message.count * 8) >> ($0 * 8)) }
        return message + [0x80] + [UInt8](repeating: 0, count: zeros) + length
    }

    private static func add(_ block: ArraySlice<UInt8>, to state: inout [UInt32]) {
        let schedule = schedule(for: block)
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for round in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let first = h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ choice &+ constants[round] &+ schedule[round]
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    }

    private static func schedule(for block: ArraySlice<UInt8>) -> [UInt32] {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { start in
            block[start..<(start + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let (old, recent) = (words[index - 15], words[index - 2])
            let low = rotated(old, 7) ^ rotated(old, 18) ^ (old >> 3)
            let high = rotated(recent, 17) ^ rotated(recent, 19) ^ (recent >> 10)
            words.append(words[index - 16] &+ low &+ words[index - 7] &+ high)
        }
        return words
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = {
        let primes = (2...311).filter { number in !(2..<number).contains { number.isMultiple(of: $0) } }
        return primes.map { prime in
            // The integer cube root of prime · 2⁹⁶ is the root with 32 binary places; its low 32 bits are the fraction.
            var root: UInt64 = 0
            for bit in (0..<35).reversed() {
                let candidate = UInt128(root | 1 << UInt64(bit))
                if candidate * candidate * candidate <= UInt128(prime) << 96 { root = UInt64(candidate) }
            }
            return UInt32(truncatingIfNeeded: root)
        }
    }()
}
