internal import COpenSSL

/// An RSA key that signs; made here and never written anywhere.
// Safety: the key is never changed, and OpenSSL counts its references atomically.
@safe package final class RSAPrivateKey: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Makes a key of 2048 bits.
    package init() {
        unsafe pointer = requireObject(COpenSSL_generateRSA(2048), "EVP_RSA_gen")
    }

    deinit {
        // OpenSSL clears the key while freeing.
        unsafe EVP_PKEY_free(pointer)
    }

    /// The RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 8017, 8.2.1).
    package func signature(for message: [UInt8]) -> [UInt8] {
        let context = unsafe requireObject(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        defer { unsafe EVP_MD_CTX_free(context) }
        requireSuccess(unsafe EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pointer), "EVP_DigestSignInit")
        let room = Int(unsafe EVP_PKEY_get_size(pointer))
        return unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            var length = room
            unsafe message.withUnsafeBufferPointer { message in
                requireSuccess(
                    unsafe EVP_DigestSign(context, buffer.baseAddress, &length, message.baseAddress, message.count),
                    "EVP_DigestSign"
                )
            }
            count = length
        }
    }
}

extension RSAPrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
