internal import COpenSSL

/// A key for HMAC with SHA-256, set up once and used for any number of messages from any thread.
// Safety: the context is keyed in the initialiser and afterwards only read, by EVP_MAC_CTX_dup, until deinit.
@safe package final class HMACKey: @unchecked Sendable {
    private let keyedContext: OpaquePointer

    /// Sets up a key given as plain bytes; the caller's array is not cleared.
    package convenience init(_ key: [UInt8]) {
        self.init(SecretBytes(key))
    }

    /// Sets up a key kept as a secret.
    package init(_ key: SecretBytes) {
        let algorithm = unsafe requireObject(EVP_MAC_fetch(nil, "HMAC", nil), "EVP_MAC_fetch")
        unsafe keyedContext = requireObject(EVP_MAC_CTX_new(algorithm), "EVP_MAC_CTX_new")
        unsafe EVP_MAC_free(algorithm)
        unsafe key.withBytes { bytes in
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            requireSuccess(unsafe COpenSSL_initialiseHMACSHA256(keyedContext, start, bytes.count), "EVP_MAC_init")
        }
    }

    /// Sets up a key that is the UTF-8 form of a secret text.
    package convenience init(_ key: SecretText) {
        self.init(key.bytes)
    }

    deinit {
        // OpenSSL clears the key's copy while freeing.
        unsafe EVP_MAC_CTX_free(keyedContext)
    }

    /// The 32-byte code of one message.
    package func authenticationCode(for message: [UInt8]) -> [UInt8] {
        authenticationCode(parts: [message])
    }

    /// The 32-byte code of the parts one after another, without joining them in memory.
    package func authenticationCode(parts: [[UInt8]]) -> [UInt8] {
        let context = unsafe requireObject(EVP_MAC_CTX_dup(keyedContext), "EVP_MAC_CTX_dup")
        defer { unsafe EVP_MAC_CTX_free(context) }
        for part in parts {
            unsafe part.withUnsafeBufferPointer { buffer in
                requireSuccess(unsafe EVP_MAC_update(context, buffer.baseAddress, buffer.count), "EVP_MAC_update")
            }
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
            requireSuccess(unsafe EVP_MAC_final(context, buffer.baseAddress, &count, SHA256.byteCount), "EVP_MAC_final")
        }
    }

    /// True when the code belongs to the parts; compared in constant time.
    package func isValid(_ code: [UInt8], parts: [[UInt8]]) -> Bool {
        constantTimeEqual(code, authenticationCode(parts: parts))
    }
}

extension HMACKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
