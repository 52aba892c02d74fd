internal import COpenSSL
internal import Glibc

/// A certificate of RFC 5280, as somebody presents it: nothing about it is trusted before a ``TrustStore`` has checked it.
// Safety: the certificate is complete when the initialiser ends, and OpenSSL locks what it caches within it.
@safe package final class X509Certificate: @unchecked Sendable {
    let pointer: OpaquePointer

    private static let countMax = 256
    private static let bytesMax = 64 * 1024

    /// Takes over a certificate that OpenSSL has allocated.
    init(takingOwnershipOf pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    /// Reads one certificate in DER.
    ///
    /// - Throws: ``CryptographyError`` with `malformedCertificate` when the bytes are not exactly one certificate.
    convenience init(der bytes: [UInt8]) throws(CryptographyError) {
        guard bytes.count <= X509Certificate.bytesMax else { throw CryptographyError(.malformedCertificate) }
        let certificate = unsafe bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var position = buffer.baseAddress
            guard let certificate = unsafe d2i_X509(nil, &position, buffer.count) else { return nil }
            guard unsafe position == buffer.baseAddress?.advanced(by: buffer.count) else {
                unsafe X509_free(certificate)
                return nil
            }
            return unsafe certificate
        }
        guard let certificate = unsafe certificate else {
            ERR_clear_error()
            throw CryptographyError(.malformedCertificate)
        }
        unsafe self.init(takingOwnershipOf: certificate)
    }

    deinit {
        unsafe X509_free(pointer)
    }

    /// Reads all certificates of a PEM text, in the order in which they stand; at least one.
    ///
    /// - Throws: ``CryptographyError`` with `malformedCertificate` when there is none, or one that cannot be read.
    package static func readAll(pem text: [UInt8]) throws(CryptographyError) -> [X509Certificate] {
        let blocks = try PEM.certificateBlocks(text)
        guard (1...countMax).contains(blocks.count) else { throw CryptographyError(.malformedCertificate) }
        var certificates: [X509Certificate] = []
        for block in blocks { certificates.append(try X509Certificate(der: block)) }
        return certificates
    }

    /// The certificate as a PEM block.
    package var pem: String {
        var buffer: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_X509(pointer, &buffer)
        defer { unsafe CRYPTO_free(buffer, "", 0) }
        guard count > 0, let start = unsafe buffer else {
            preconditionFailure(CryptographyError(drainingErrorQueueAfter: "i2d_X509").description)
        }
        return PEM.text(unsafe Array(UnsafeBufferPointer(start: start, count: Int(count))))
    }

    /// The subject's common names (RFC 5280, 4.1.2.6), as UTF-8; a name that cannot be read is given as an empty text.
    package var commonNames: [String] {
        guard let subject = unsafe X509_get_subject_name(pointer) else { return [] }
        var names: [String] = []
        var place: Int32 = -1
        while true {
            place = unsafe X509_NAME_get_index_by_NID(subject, NID_commonName, place)
            guard place >= 0 else { return names }
            unsafe names.append(X509Certificate.text(of: X509_NAME_get_entry(subject, place)))
        }
    }

    /// The first second at which the certificate is valid, since 1970.
    package var notBefore: Int64 { unsafe X509Certificate.seconds(X509_get0_notBefore(pointer)) }

    /// The last second at which the certificate is valid, since 1970.
    package var notAfter: Int64 { unsafe X509Certificate.seconds(X509_get0_notAfter(pointer)) }

    /// The key that the certificate is about; nil when it is not an RSA key of a usual size.
    package var rsaPublicKey: RSAPublicKey? {
        guard let key = unsafe X509_get_pubkey(pointer) else {
            ERR_clear_error()
            return nil
        }
        return unsafe RSAPublicKey(takingOwnershipOf: key)
    }

    private static func text(of entry: OpaquePointer?) -> String {
        guard let entry = unsafe entry else { return "" }
        var buffer: UnsafeMutablePointer<UInt8>?
        let count = unsafe ASN1_STRING_to_UTF8(&buffer, X509_NAME_ENTRY_get_data(entry))
        defer { unsafe CRYPTO_free(buffer, "", 0) }
        guard count >= 0, let start = unsafe buffer else {
            ERR_clear_error()
            return ""
        }
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    }

    /// A time that cannot be read is before all others, so that nothing is valid until it.
    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        var parts = unsafe tm()
        guard let time = unsafe time, unsafe ASN1_TIME_to_tm(time, &parts) == 1 else {
            ERR_clear_error()
            return .min
        }
        return Int64(unsafe timegm(&parts))
    }
}
