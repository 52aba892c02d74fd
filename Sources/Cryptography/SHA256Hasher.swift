internal import COpenSSL

/// An SHA-256 computation that takes its input piece by piece.
@safe package struct SHA256Hasher: ~Copyable {
    private let context: OpaquePointer

    /// Starts an empty computation.
    package init() {
        unsafe context = requireObject(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        requireSuccess(unsafe EVP_DigestInit_ex2(context, SHA256Algorithm.shared.pointer, nil), "EVP_DigestInit_ex2")
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Adds bytes to the input.
    package mutating func update(_ bytes: [UInt8]) {
        update(bytes.span)
    }

    /// Adds borrowed bytes to the input.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            requireSuccess(unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count), "EVP_DigestUpdate")
        }
    }

    /// The digest of the bytes, as four words in the order of memory; afterwards the computation is empty again, for the next.
    ///
    /// It allocates nothing, so it is the form for digests by the million.
    package mutating func digestWords(_ bytes: [UInt8]) -> SIMD4<UInt64> {
        update(bytes.span)
        var words = SIMD4<UInt64>()
        unsafe withUnsafeMutableBytes(of: &words) { buffer in
            let start = unsafe buffer.assumingMemoryBound(to: UInt8.self).baseAddress
            requireSuccess(unsafe EVP_DigestFinal_ex(context, start, nil), "EVP_DigestFinal_ex")
        }
        requireSuccess(unsafe EVP_DigestInit_ex2(context, nil, nil), "EVP_DigestInit_ex2")
        return words
    }

    /// Ends the computation and gives the 32 bytes.
    package consuming func finalize() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
            requireSuccess(unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil), "EVP_DigestFinal_ex")
            count = SHA256.byteCount
        }
    }
}

/// The algorithm, looked up once: OpenSSL 3 otherwise searches its providers for every digest.
// Safety: the pointer is set once and OpenSSL's EVP_MD is immutable and reference counted atomically.
@safe private final class SHA256Algorithm: @unchecked Sendable {
    static let shared = SHA256Algorithm()

    let pointer: OpaquePointer

    private init() {
        unsafe pointer = requireObject(EVP_MD_fetch(nil, "SHA256", nil), "EVP_MD_fetch")
    }

    deinit {
        unsafe EVP_MD_free(pointer)
    }
}
