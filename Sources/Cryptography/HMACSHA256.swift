/// HMAC with SHA-256 as RFC 2104 and FIPS 198-1 define it.
package enum HMACSHA256 {
    /// The authentication code of one message; whoever uses a key more than once keeps an ``HMACKey``.
    package static func authenticationCode(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        HMACKey(key).authenticationCode(for: message)
    }
}
