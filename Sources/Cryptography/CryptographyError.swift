internal import COpenSSL

/// Why a cryptographic operation could not be carried out.
///
/// Never carries input, keys or output, so it is safe in logs. A signature that does not match is a result, not an error.
package struct CryptographyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    package enum Code: String, Sendable, CaseIterable {
        /// The text is not an even number of hexadecimal digits.
        case malformedHexadecimal
        /// The text is not Base64 as RFC 4648 section 4 defines it, padding and unused bits included.
        case malformedBase64
        /// The text is no X.509 certificate, or holds none where one must be.
        case malformedCertificate
        /// OpenSSL refused; the detail holds its reasons.
        case libraryFailure
    }

    package let code: Code
    /// OpenSSL's own words, empty for other faults.
    package let detail: String

    /// Names a fault that does not come from OpenSSL.
    init(_ code: Code) {
        self.code = code
        detail = ""
    }

    /// Empties the calling thread's OpenSSL error queue into one error, so that a later call cannot be blamed for it.
    init(drainingErrorQueueAfter operation: StaticString) {
        code = .libraryFailure
        var reasons: [String] = []
        while true {
            let number = ERR_get_error()
            if number == 0 { break }
            if let reason = unsafe ERR_reason_error_string(number) {
                reasons.append(unsafe String(cString: reason))
            } else {
                reasons.append("error \(number)")
            }
        }
        detail = "\(operation): \(reasons.joined(separator: "; "))"
    }

    package var description: String {
        detail.isEmpty ? code.rawValue : "\(code.rawValue) (\(detail))"
    }
}
