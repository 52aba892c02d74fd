internal import COpenSSL

/// Bytes that never print and are cleared when the last owner lets go.
///
/// Copies share one allocation. What the caller passed in is not cleared: read secrets straight into this type.
@safe package struct SecretBytes: Sendable {
    private let storage: Storage

    /// Copies the bytes into memory of their own.
    package init(_ bytes: [UInt8]) {
        storage = Storage(bytes.span)
    }

    /// Copies borrowed bytes into memory of their own.
    package init(_ bytes: Span<UInt8>) {
        storage = Storage(bytes)
    }

    /// Number of bytes; treated as public.
    package var count: Int {
        unsafe storage.memory.count
    }

    /// Lends the bytes for the length of the call; the pointer must not leave it.
    @unsafe package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(storage.memory))
    }

    /// A copy of the bytes that is cleared by nobody; for interfaces that take arrays.
    package var exposed: [UInt8] {
        unsafe Array(storage.memory)
    }
}

/// The one allocation behind a secret.
// Safety: the memory is written in the initialiser and in deinit only, and read in between.
@safe private final class Storage: @unchecked Sendable {
    let memory: UnsafeMutableRawBufferPointer
    private let allocation: UnsafeMutableRawBufferPointer

    init(_ bytes: Span<UInt8>) {
        // At least one byte, so that an empty key is still a pointer: OpenSSL reads a null one as "keep the old key".
        unsafe allocation = .allocate(byteCount: max(bytes.count, 1), alignment: 1)
        unsafe memory = UnsafeMutableRawBufferPointer(rebasing: allocation[..<bytes.count])
        unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
    }

    deinit {
        unsafe OPENSSL_cleanse(allocation.baseAddress, allocation.count)
        unsafe allocation.deallocate()
    }
}

extension SecretBytes: Equatable {
    /// Compares in constant time; secrets of different lengths are told apart at once.
    package static func == (first: SecretBytes, second: SecretBytes) -> Bool {
        guard first.count == second.count else { return false }
        return unsafe CRYPTO_memcmp(first.storage.memory.baseAddress, second.storage.memory.baseAddress, first.count) == 0
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
