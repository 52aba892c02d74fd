internal import COpenSSL

/// Whom we believe: certificates of authorities, from the system or from a file that the operator names.
// Safety: the store is filled in the initialiser, and OpenSSL locks it while certificates are checked.
@safe package final class TrustStore: @unchecked Sendable {
    private let store: OpaquePointer

    /// RSA of 2048 bits and SHA-256 or better, for every signature of a chain.
    private static let securityLevel: Int32 = 2
    private static let depthMax: Int32 = 8

    /// Trusts these certificates, and with `includesSystem` those of the machine too.
    package init(roots: [X509Certificate], includesSystem: Bool) {
        unsafe store = requireObject(X509_STORE_new(), "X509_STORE_new")
        for root in roots {
            requireSuccess(unsafe X509_STORE_add_cert(store, root.pointer), "X509_STORE_add_cert")
        }
        // A machine without authorities trusts nobody; that is found when somebody is to be trusted.
        if includesSystem, unsafe X509_STORE_set_default_paths(store) != 1 { ERR_clear_error() }
    }

    deinit {
        unsafe X509_STORE_free(store)
    }

    /// What became of a check.
    package enum Verdict: Sendable, Hashable {
        /// Trusted by way of certificates that are all valid until this second since 1970.
        case trusted(until: Int64)
        case expired
        case notYetValid
        /// No way leads to anybody we trust; the reason is OpenSSL's sentence.
        case untrusted(reason: String)
    }

    /// Looks for a way from a certificate to one that is trusted, as RFC 5280 section 6 has it, at a second since 1970.
    ///
    /// `intermediates` may stand on the way and are trusted for nothing: a root among them counts only if it is in the store too.
    /// Neither the name nor the purpose of the certificate is looked at.
    package func verify(_ certificate: X509Certificate, intermediates: [X509Certificate], at seconds: Int64) -> Verdict {
        let others = unsafe requireObject(COpenSSL_newCertificates(), "sk_X509_new_null")
        defer { unsafe COpenSSL_freeCertificates(others) }
        for intermediate in intermediates {
            guard unsafe COpenSSL_appendCertificate(others, intermediate.pointer) > 0 else {
                return .untrusted(reason: "out of memory")
            }
        }
        let context = unsafe requireObject(X509_STORE_CTX_new(), "X509_STORE_CTX_new")
        defer { unsafe X509_STORE_CTX_free(context) }
        requireSuccess(unsafe X509_STORE_CTX_init(context, store, certificate.pointer, others), "X509_STORE_CTX_init")
        let parameters = unsafe X509_STORE_CTX_get0_param(context)
        unsafe X509_VERIFY_PARAM_set_time(parameters, Int(seconds))
        unsafe X509_VERIFY_PARAM_set_depth(parameters, TrustStore.depthMax)
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, TrustStore.securityLevel)
        let result = unsafe X509_verify_cert(context)
        let error = unsafe X509_STORE_CTX_get_error(context)
        ERR_clear_error()
        if result == 1, error == X509_V_OK { return .trusted(until: unsafe TrustStore.end(of: X509_STORE_CTX_get0_chain(context))) }
        return TrustStore.verdict(error)
    }

    private static func verdict(_ error: Int32) -> Verdict {
        switch error {
        case X509_V_ERR_CERT_HAS_EXPIRED: .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
        default: .untrusted(reason: unsafe X509_verify_cert_error_string(Int(error)).map { unsafe String(cString: $0) } ?? "error \(error)")
        }
    }

    /// The last second at which all certificates on the way are valid.
    private static func end(of chain: OpaquePointer?) -> Int64 {
        guard let chain = unsafe chain else { return .min }
        let count = unsafe COpenSSL_countCertificates(chain)
        return (0..<count).map { place -> Int64 in
            guard let pointer = unsafe COpenSSL_certificate(chain, place), unsafe X509_up_ref(pointer) == 1 else { return .min }
            return unsafe X509Certificate(takingOwnershipOf: pointer).notAfter
        }.min() ?? .min
    }
}
