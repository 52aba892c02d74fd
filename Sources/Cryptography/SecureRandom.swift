internal import COpenSSL

/// Random numbers fit for keys and tokens, from OpenSSL's generator.
///
/// Stops the process when the operating system gives no entropy: a predictable token is worse than none.
package struct SecureRandom: RandomNumberGenerator, Sendable {
    /// Makes a generator; all share OpenSSL's state.
    package init() {}

    /// Fresh random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        precondition(count >= 0 && count <= Int(Int32.max), "the number of random bytes must fit a C int")
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            requireSuccess(unsafe RAND_bytes(buffer.baseAddress, Int32(count)), "RAND_bytes")
            initializedCount = count
        }
    }

    /// A fresh 64-bit number.
    package mutating func next() -> UInt64 {
        Self.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
