/// SHA-256 as FIPS 180-4 defines it.
package enum SHA256 {
    /// Length of a digest in bytes.
    package static let byteCount = 32

    /// The digest of the bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The digest of the parts one after another, without joining them in memory.
    package static func digest(parts: [[UInt8]]) -> [UInt8] {
        var hasher = SHA256Hasher()
        for part in parts {
            hasher.update(part)
        }
        return hasher.finalize()
    }
}
