import Cryptography

/// A header of the form `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`, which Stripe invented and our generic bank confirmation uses too.
struct SignedHeader {
    /// The timestamp as it was written, and a point: what is signed before the body.
    private let signedPrefix: [UInt8]
    private let timestamp: Int64
    private let signatures: [[UInt8]]

    /// A signature older than this is refused, and one that is further ahead, where that is judged.
    static let toleranceSeconds: Int64 = 300
    private static let signaturesMax = 16

    /// Reads the header.
    ///
    /// Exactly one `t` of ASCII digits; every `v1`; other keys are ignored, among them Stripe's decoy `v0`.
    ///
    /// - Throws: `WebhookRefusal`.
    init(_ value: String?) throws(WebhookRefusal) {
        guard let value, !value.isEmpty else { throw .signatureMissing }
        var timestamps: [ArraySlice<UInt8>] = []
        var signatures: [[UInt8]] = []
        // Bytes and not characters: finding those takes longer than all the rest.
        for part in Array(value.utf8).split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let content = part[part.index(after: equals)...]
            if part[..<equals].elementsEqual("t".utf8) { timestamps.append(content) }
            if part[..<equals].elementsEqual("v1".utf8) { signatures.append(Array(content)) }
        }
        guard timestamps.count == 1, let digits = timestamps.first, (1...19).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let timestamp = Int64(String(decoding: digits, as: UTF8.self))
        else { throw .signatureMalformed }
        guard !signatures.isEmpty else { throw .signatureMissing }
        signedPrefix = Array(digits) + [UInt8(ascii: ".")]
        self.timestamp = timestamp
        self.signatures = Array(signatures.prefix(SignedHeader.signaturesMax))
    }

    /// How times ahead of our clock are taken.
    enum Future {
        /// Any is accepted, as Stripe's own libraries do: the signature proves who set it.
        case accepted
        /// The tolerance holds in both directions.
        case limited
    }

    /// Checks the signature over `t.body` with any of the keys, in constant time, and then the time.
    ///
    /// - Throws: `WebhookRefusal`.
    func check(_ body: [UInt8], keys: [HMACKey], now: Int64, future: Future) throws(WebhookRefusal) {
        let isValid = keys.contains { key in
            let expected = Array(Hexadecimal.encode(key.authenticationCode(parts: [signedPrefix, body])).utf8)
            return signatures.contains { constantTimeEqual($0, expected) }
        }
        guard isValid else { throw .signatureMismatch }
        guard timestamp >= now - SignedHeader.toleranceSeconds else { throw .tooOld }
        if case .limited = future, timestamp > now + SignedHeader.toleranceSeconds { throw .aheadOfTime }
    }
}
