import Cryptography

/// The header `BTCPay-Sig: sha256=<hex>`: HMAC-SHA256 of the raw body, keyed with the secret as text.
///
/// It carries no time, so an old webhook verifies for ever; the inbox keeps each delivery id once.
enum BTCPaySignature {
    private static let prefix = "sha256="

    /// Checks a header against a body with any of the keys, in constant time.
    ///
    /// - Throws: `WebhookRefusal`.
    static func check(_ header: String?, _ body: [UInt8], keys: [HMACKey]) throws(WebhookRefusal) {
        guard let header, !header.isEmpty else { throw .signatureMissing }
        guard header.hasPrefix(prefix), let code = try? Hexadecimal.decode(String(header.dropFirst(prefix.count))),
            code.count == SHA256.byteCount
        else { throw .signatureMalformed }
        guard keys.contains(where: { $0.isValid(code, parts: [body]) }) else { throw .signatureMismatch }
    }
}
