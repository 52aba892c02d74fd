internal import COpenSSL

/// What a TLS server shows of itself; for simulators, whose clients insist on https.
// Safety: the context is complete when the initialiser ends; afterwards sessions are made from it, for which OpenSSL counts references.
@safe package final class TLSServerContext: @unchecked Sendable {
    let pointer: OpaquePointer

    /// A server with this certificate and key, from TLS 1.2 on.
    package init(certificate: X509Certificate, intermediates: [X509Certificate], key: RSAPrivateKey) {
        unsafe pointer = requireObject(SSL_CTX_new(TLS_server_method()), "SSL_CTX_new")
        requireSuccess(Int32(unsafe COpenSSL_useMinimumTLS12(pointer)), "SSL_CTX_set_min_proto_version")
        requireSuccess(unsafe SSL_CTX_use_certificate(pointer, certificate.pointer), "SSL_CTX_use_certificate")
        for intermediate in intermediates {
            requireSuccess(Int32(unsafe COpenSSL_addChainCertificate(pointer, intermediate.pointer)), "SSL_CTX_add1_chain_cert")
        }
        requireSuccess(unsafe SSL_CTX_use_PrivateKey(pointer, key.pointer), "SSL_CTX_use_PrivateKey")
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }
}

/// One connection of a TLS server, as a thing that turns bytes into bytes; whoever has it moves them.
@safe package final class TLSServerSession {
    private let session: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    private static let pieceBytes = 16 * 1024

    /// A connection that has just been accepted.
    package init(_ context: TLSServerContext) {
        unsafe session = requireObject(SSL_new(context.pointer), "SSL_new")
        unsafe incoming = requireObject(BIO_new(BIO_s_mem()), "BIO_new")
        unsafe outgoing = requireObject(BIO_new(BIO_s_mem()), "BIO_new")
        // From here on the session owns both.
        unsafe SSL_set_bio(session, incoming, outgoing)
        unsafe SSL_set_accept_state(session)
    }

    deinit {
        unsafe SSL_free(session)
    }

    /// Takes what came over the wire and gives what it says; `takeOutput` may then hold an answer of the handshake.
    ///
    /// - Throws: ``CryptographyError`` with `libraryFailure` when the other side does not keep to the protocol.
    package func receive(_ bytes: [UInt8]) throws(CryptographyError) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { _ = unsafe BIO_write(incoming, $0.baseAddress, Int32($0.count)) }
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: TLSServerSession.pieceBytes)
        while true {
            let count = unsafe piece.withUnsafeMutableBufferPointer {
                unsafe SSL_read(session, $0.baseAddress, Int32($0.count))
            }
            if count > 0 {
                text += piece[..<Int(count)]
                continue
            }
            switch unsafe SSL_get_error(session, count) {
            case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE, SSL_ERROR_ZERO_RETURN: return text
            default: throw CryptographyError(drainingErrorQueueAfter: "SSL_read")
            }
        }
    }

    /// Takes what is to be said; `takeOutput` then holds it for the wire.
    ///
    /// - Throws: ``CryptographyError`` with `libraryFailure` before the handshake is over.
    package func send(_ bytes: [UInt8]) throws(CryptographyError) {
        guard !bytes.isEmpty else { return }
        let count = unsafe bytes.withUnsafeBufferPointer { unsafe SSL_write(session, $0.baseAddress, Int32($0.count)) }
        guard count == Int32(bytes.count) else { throw CryptographyError(drainingErrorQueueAfter: "SSL_write") }
    }

    /// Says that nothing more will be said.
    package func close() {
        _ = unsafe SSL_shutdown(session)
        ERR_clear_error()
    }

    /// Removes what has to go over the wire.
    package func takeOutput() -> [UInt8] {
        let count = unsafe BIO_ctrl_pending(outgoing)
        guard count > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = Int(max(0, unsafe BIO_read(outgoing, buffer.baseAddress, Int32(count))))
        }
    }
}
