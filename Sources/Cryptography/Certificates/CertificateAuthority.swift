internal import COpenSSL

/// An authority of our own, for simulators: it signs certificates that nobody trusts who was not told to.
package struct CertificateAuthority: Sendable {
    /// What others have to trust.
    package let certificate: X509Certificate
    private let key: RSAPrivateKey

    /// What a certificate is to say.
    package struct Request: Sendable {
        let commonName: String
        let hostNames: [String]
        let isAuthority: Bool
        /// Seconds since 1970, both included.
        let validity: ClosedRange<Int64>

        /// Describes a certificate; `hostNames` are what a TLS client may find under it, names or IPv4 addresses.
        package init(commonName: String, hostNames: [String] = [], isAuthority: Bool = false, validity: ClosedRange<Int64>) {
            self.commonName = commonName
            self.hostNames = hostNames
            self.isAuthority = isAuthority
            self.validity = validity
        }
    }

    /// Makes a root that has signed itself.
    package init(commonName: String, validity: ClosedRange<Int64>) {
        key = RSAPrivateKey()
        let request = Request(commonName: commonName, isAuthority: true, validity: validity)
        certificate = CertificateAuthority.make(request, for: key, issuer: nil, signedBy: key)
    }

    private init(certificate: X509Certificate, key: RSAPrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// A certificate for somebody's key.
    package func issue(_ request: Request, for key: RSAPrivateKey) -> X509Certificate {
        CertificateAuthority.make(request, for: key, issuer: certificate, signedBy: self.key)
    }

    /// An authority below this one.
    package func subordinate(commonName: String, validity: ClosedRange<Int64>) -> CertificateAuthority {
        let key = RSAPrivateKey()
        let request = Request(commonName: commonName, isAuthority: true, validity: validity)
        return CertificateAuthority(certificate: issue(request, for: key), key: key)
    }

    private static func make(
        _ request: Request,
        for key: RSAPrivateKey,
        issuer: X509Certificate?,
        signedBy signer: RSAPrivateKey
    ) -> X509Certificate {
        let pointer = unsafe requireObject(X509_new(), "X509_new")
        let certificate = unsafe X509Certificate(takingOwnershipOf: pointer)
        requireSuccess(unsafe X509_set_version(pointer, 2), "X509_set_version")
        let serial = Int(truncatingIfNeeded: UInt64.random(in: 1...UInt64(Int64.max)))
        requireSuccess(unsafe ASN1_INTEGER_set(X509_get_serialNumber(pointer), serial), "ASN1_INTEGER_set")
        _ = unsafe requireObject(ASN1_TIME_set(X509_getm_notBefore(pointer), Int(request.validity.lowerBound)), "ASN1_TIME_set")
        _ = unsafe requireObject(ASN1_TIME_set(X509_getm_notAfter(pointer), Int(request.validity.upperBound)), "ASN1_TIME_set")
        unsafe name(pointer, request.commonName)
        let issuerName = unsafe X509_get_subject_name(issuer?.pointer ?? pointer)
        requireSuccess(unsafe X509_set_issuer_name(pointer, issuerName), "X509_set_issuer_name")
        requireSuccess(unsafe X509_set_pubkey(pointer, key.pointer), "X509_set_pubkey")
        unsafe extend(pointer, request, issuer: issuer?.pointer ?? pointer)
        guard unsafe X509_sign(pointer, signer.pointer, EVP_sha256()) > 0 else {
            preconditionFailure(CryptographyError(drainingErrorQueueAfter: "X509_sign").description)
        }
        return certificate
    }

    private static func name(_ certificate: OpaquePointer, _ commonName: String) {
        let text = Array(commonName.utf8)
        let subject = unsafe X509_get_subject_name(certificate)
        requireSuccess(
            unsafe text.withUnsafeBufferPointer {
                unsafe X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, $0.baseAddress, Int32($0.count), -1, 0)
            },
            "X509_NAME_add_entry_by_NID"
        )
    }

    private static func extend(_ certificate: OpaquePointer, _ request: Request, issuer: OpaquePointer) {
        var extensions = [
            (NID_basic_constraints, request.isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE"),
            (NID_key_usage, request.isAuthority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature,keyEncipherment"),
        ]
        if !request.hostNames.isEmpty {
            let names = request.hostNames.map { isAddress($0) ? "IP:\($0)" : "DNS:\($0)" }
            extensions.append((NID_subject_alt_name, names.joined(separator: ",")))
        }
        var context = unsafe X509V3_CTX()
        unsafe COpenSSL_setContextWithoutDatabase(&context, issuer, certificate)
        for (identifier, value) in extensions {
            let made = unsafe requireObject(X509V3_EXT_conf_nid(nil, &context, identifier, value), "X509V3_EXT_conf_nid")
            defer { unsafe X509_EXTENSION_free(made) }
            requireSuccess(unsafe X509_add_ext(certificate, made, -1), "X509_add_ext")
        }
    }

    private static func isAddress(_ name: String) -> Bool {
        name.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
