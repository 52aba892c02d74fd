import Cryptography

/// SHA-256 by the million: one computation that is used again and again.
struct WordHasher {
    private final class Box {
        var hasher = SHA256Hasher()
    }

    private let box = Box()

    /// The digest as four words in the order of memory.
    func digest(_ bytes: [UInt8]) -> SIMD4<UInt64> {
        box.hasher.digestWords(bytes)
    }
}

extension SIMD4<UInt64> {
    /// The 32 bytes.
    var digestBytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}
