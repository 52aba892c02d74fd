import Cryptography

/// A header of the form `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`, which Stripe invented and our generic bank confirmation uses too.
struct SignedHeader {
    private let timestampText: String
    private let timestamp: Int64
    private let signatures: [[UInt8]]

    /// A signature older than this is refused.
    static let toleranceSeconds: Int64 = 300
    private static let signaturesMax = 16

    /// Reads the header.
    ///
    /// Exactly one `t` of ASCII digits; every `v1`; other keys are ignored, among them Stripe's decoy `v0`.
    ///
    /// - Throws: `WebhookRefusal`.
    init(_ value: String?) throws(WebhookRefusal) {
        guard let value, !value.isEmpty else { throw .signatureMissing }
        var timestamps: [Substring] = []
        var signatures: [[UInt8]] = []
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let text = part[part.index(after: equals)...]
            switch part[..<equals] {
            case "t": timestamps.append(text)
            case "v1": signatures.append(Array(text.utf8))
            default: break
            }
        }
        guard timestamps.count == 1, let text = timestamps.first, (1...19).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let timestamp = Int64(text)
        else { throw .signatureMalformed }
        guard !signatures.isEmpty else { throw .signatureMissing }
        timestampText = String(text)
        self.timestamp = timestamp
        self.signatures = Array(signatures.prefix(SignedHeader.signaturesMax))
    }

    /// Checks the signature over `t.body` with any of the keys, in constant time, and then the age.
    ///
    /// Times in the future are accepted, as the official libraries do: the signature proves who set them.
    ///
    /// - Throws: `WebhookRefusal`.
    func check(_ body: [UInt8], keys: [HMACKey], now: Int64) throws(WebhookRefusal) {
        let prefix = Array("\(timestampText).".utf8)
        let isValid = keys.contains { key in
            let expected = Array(Hexadecimal.encode(key.authenticationCode(parts: [prefix, body])).utf8)
            return signatures.contains { constantTimeEqual($0, expected) }
        }
        guard isValid else { throw .signatureMismatch }
        guard timestamp >= now - SignedHeader.toleranceSeconds else { throw .tooOld }
    }
}
