import Glibc

/// Tells addresses of the public internet from all others.
enum PublicAddress {
    /// Whether a socket address may be connected to on behalf of data that somebody sent us.
    ///
    /// IANA special-purpose address registries: this network, private, shared, loopback, link-local, documentation, benchmarking,
    /// multicast and reserved ranges are refused, and IPv6 forms that carry an IPv4 address are judged by it.
    static func isPublic(_ address: UnsafeRawPointer, family: Int32) -> Bool {
        if family == AF_INET {
            let bytes = unsafe address.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
            return isPublic(version4: UInt32(bigEndian: bytes))
        }
        guard family == AF_INET6 else { return false }
        let high = UInt64(bigEndian: unsafe address.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        let low = UInt64(bigEndian: unsafe address.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        return isPublic(high: high, low: low)
    }

    static func isPublic(version4 address: UInt32) -> Bool {
        let refused: [(UInt32, Int)] = [
            (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xAC10_0000, 12),
            (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16), (0xC612_0000, 15), (0xC633_6400, 24),
            (0xCB00_7100, 24), (0xE000_0000, 4), (0xF000_0000, 4),
        ]
        return !refused.contains { network, bits in address >> (32 - bits) == network >> (32 - bits) }
    }

    static func isPublic(high: UInt64, low: UInt64) -> Bool {
        let embedded = UInt32(truncatingIfNeeded: low)
        if high == 0, low >> 32 == 0xFFFF || low >> 32 == 0 { return low > 1 && low >> 32 == 0xFFFF && isPublic(version4: embedded) }
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return isPublic(version4: embedded) }
        // Only global unicast, without IETF protocol assignments (Teredo is one), documentation and 6to4.
        guard high >> 61 == 0b001 else { return false }
        let refused: [(UInt64, Int)] = [
            (0x2001_0000_0000_0000, 23), (0x2001_0DB8_0000_0000, 32), (0x2002_0000_0000_0000, 16), (0x3FFF_0000_0000_0000, 20),
        ]
        return !refused.contains { network, bits in high >> (64 - bits) == network >> (64 - bits) }
    }
}
