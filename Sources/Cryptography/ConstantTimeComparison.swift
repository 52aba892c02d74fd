internal import COpenSSL

/// Compares two byte strings in a time that tells nothing of where they differ.
///
/// Strings of different lengths are compared through their digests, so the time depends on the lengths alone.
package func constantTimeEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else {
        return constantTimeEqual(SHA256.digest(first), SHA256.digest(second))
    }
    return unsafe first.withUnsafeBytes { firstBytes in
        unsafe second.withUnsafeBytes { secondBytes in
            unsafe CRYPTO_memcmp(firstBytes.baseAddress, secondBytes.baseAddress, firstBytes.count) == 0
        }
    }
}
