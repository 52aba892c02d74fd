internal import COpenSSL

/// The public half of an RSA key.
// Safety: the key is never changed, and OpenSSL counts its references atomically.
@safe package final class RSAPublicKey: @unchecked Sendable {
    let pointer: OpaquePointer

    private static let bits: ClosedRange<Int32> = 2048...8192

    /// Takes over a key; nil, and the key freed, when it is not plain RSA of a usual size.
    init?(takingOwnershipOf pointer: OpaquePointer) {
        // A key that is marked for RSASSA-PSS only has another name.
        guard unsafe EVP_PKEY_is_a(pointer, "RSA") == 1, RSAPublicKey.bits.contains(unsafe EVP_PKEY_get_bits(pointer)) else {
            unsafe EVP_PKEY_free(pointer)
            return nil
        }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// Whether the signature is RSASSA-PKCS1-v1_5 with SHA-256 over the message (RFC 8017, 8.2.2).
    package func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        let context = unsafe requireObject(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        defer { unsafe EVP_MD_CTX_free(context) }
        requireSuccess(unsafe EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, pointer), "EVP_DigestVerifyInit")
        let result = unsafe signature.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestVerify(context, signature.baseAddress, signature.count, message.baseAddress, message.count)
            }
        }
        ERR_clear_error()
        return result == 1
    }
}
