/// CRC-32 of IEEE 802.3, the one of zlib: reflected polynomial 0xEDB88320, all ones before and after.
///
/// It finds accidents on the wire and nothing else: anybody can make another text with the same checksum.
package enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
    }

    /// The checksum of the bytes; 0 for none.
    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes { value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8 }
        return ~value
    }
}
