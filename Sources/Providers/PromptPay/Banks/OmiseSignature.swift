import Cryptography
import HTTPTypes

/// Omise's signature: hexadecimal HMAC-SHA256 over `timestamp.body`, several separated by commas while a secret is exchanged.
///
/// The key is the webhook secret decoded from base64; unlike Stripe's, whose key is the text.
struct OmiseSignature {
    private let timestamp: String
    private let seconds: Int64
    private let signatures: [[UInt8]]

    /// Omise names no age at which a signature ends; ours is that of the other providers, in both directions.
    static let toleranceSeconds = SignedHeader.toleranceSeconds
    private static let signaturesMax = 16

    /// Reads `Omise-Signature` and `Omise-Signature-Timestamp`.
    ///
    /// - Throws: `WebhookRefusal`.
    init(_ headers: HTTPFields) throws(WebhookRefusal) {
        guard let text = headers[.omiseSignature], !text.isEmpty else { throw .signatureMissing }
        guard let timestamp = headers[.omiseTimestamp], (1...19).contains(timestamp.utf8.count),
            timestamp.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let seconds = Int64(timestamp)
        else { throw .signatureMalformed }
        self.timestamp = timestamp
        self.seconds = seconds
        let parts = text.utf8.split(separator: UInt8(ascii: ",")).prefix(OmiseSignature.signaturesMax)
        signatures = parts.map { part in part.filter { $0 != UInt8(ascii: " ") } }
    }

    /// Checks the signature with any of the keys, in constant time, and then the time.
    ///
    /// - Throws: `WebhookRefusal`.
    func check(_ body: [UInt8], keys: [HMACKey], now: Int64) throws(WebhookRefusal) {
        let signed = Array("\(timestamp).".utf8)
        let isValid = keys.contains { key in
            let expected = Array(Hexadecimal.encode(key.authenticationCode(parts: [signed, body])).utf8)
            return signatures.contains { constantTimeEqual($0, expected) }
        }
        guard isValid else { throw .signatureMismatch }
        guard seconds >= now - OmiseSignature.toleranceSeconds else { throw .tooOld }
        guard seconds <= now + OmiseSignature.toleranceSeconds else { throw .aheadOfTime }
    }
}

extension HTTPField.Name {
    static let omiseSignature = known("Omise-Signature")
    static let omiseTimestamp = known("Omise-Signature-Timestamp")
}
