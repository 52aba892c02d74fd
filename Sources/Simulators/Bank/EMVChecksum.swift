/// The checksum of Thai QRs and slips (CRC-16/CCITT-FALSE), written from EMVCo's rule, apart from our own reader.
enum EMVChecksum {
    /// Four upper-case hexadecimal digits over a text that ends with the checksum's id and length.
    static func hexadecimal(_ text: String) -> String {
        let digits = String(sum(Array(text.utf8)), radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    static func sum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt16 = 0xFFFF
        for byte in bytes {
            sum ^= UInt16(byte) << 8
            for _ in 0..<8 { sum = sum & 0x8000 != 0 ? sum << 1 ^ 0x1021 : sum << 1 }
        }
        return sum
    }
}
