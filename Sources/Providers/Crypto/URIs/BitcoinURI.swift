package import Payments

/// A payment request as a `bitcoin:` URI (BIP-21, replaced by BIP-321).
package struct BitcoinURI: Sendable, Hashable {
    /// The addresses named in the body and in `bc` and `tb`, as written; their checksums are `CryptoAddress`'s business.
    package var addresses: [String]
    package var amount: Amount?
    package var label: String?
    package var message: String?
    /// Ways to pay that are not on the chain, such as `lightning`, by their small key.
    package var otherInstructions: [String] = []

    private static let scheme = "bitcoin:"
    private static let chainKeys: Set = ["bc", "tb"]
    private static let otherKeys: Set = ["lightning", "lno", "sp"]

    /// Asks for an amount at one address.
    package init(address: String, amount: Amount?, label: String? = nil, message: String? = nil) {
        addresses = [address]
        self.amount = amount
        self.label = label
        self.message = message
    }

    /// The URI: the amount in whole coins with a point and no needless zeros.
    package var text: String {
        var parameters: [String] = []
        if let amount { parameters.append("amount=\(CoinUnits.shortest(amount.minorUnits, decimals: amount.asset.exponent))") }
        if let label { parameters.append("label=\(PercentEncoding.encode(label))") }
        if let message { parameters.append("message=\(PercentEncoding.encode(message))") }
        return BitcoinURI.scheme + (addresses.first ?? "") + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
    }

    /// Reads a URI; unknown parameters are passed over unless they begin with `req-`.
    ///
    /// - Throws: `PaymentURIError`.
    package init(parsing text: String) throws(PaymentURIError) {
        let bytes = Array(text.utf8)
        let length = BitcoinURI.scheme.utf8.count
        guard String(decoding: bytes.prefix(length), as: UTF8.self).lowercased() == BitcoinURI.scheme else { throw .scheme }
        let content = bytes[length...]
        let mark = content.firstIndex(of: UInt8(ascii: "?")) ?? content.endIndex
        let body = content[..<mark]
        guard body.allSatisfy(BitcoinURI.isAlphanumeric) else { throw .address }
        addresses = body.isEmpty ? [] : [String(decoding: body, as: UTF8.self)]
        try read(PaymentURIQuery(content[mark...].dropFirst()))
        guard !addresses.isEmpty || !otherInstructions.isEmpty else { throw .nothingToPay }
    }

    /// BIP-321: keys are case-insensitive, and `label`, `message`, `amount` and `pop` come at most once, even with equal values.
    private mutating func read(_ query: PaymentURIQuery) throws(PaymentURIError) {
        var seen: Set<String> = []
        for (written, value) in query.pairs {
            let lowered = written.lowercased()
            let isRequired = lowered.hasPrefix("req-")
            let key = isRequired ? String(lowered.dropFirst(4)) : lowered
            switch key {
            case "amount", "label", "message", "pop":
                guard seen.insert(key).inserted else { throw .duplicate }
                try keep(value, of: key)
            case _ where BitcoinURI.chainKeys.contains(key):
                guard value.lowercased().hasPrefix(key + "1"), value.utf8.allSatisfy(BitcoinURI.isAlphanumeric) else { throw .address }
                addresses.append(value)
            case _ where BitcoinURI.otherKeys.contains(key):
                guard !value.isEmpty else { throw .nothingToPay }
                otherInstructions.append(key)
            default:
                guard !isRequired else { throw .unknownRequirement }
            }
        }
    }

    private mutating func keep(_ value: String, of key: String) throws(PaymentURIError) {
        switch key {
        case "amount":
            guard let amount = try? Amount(decimal: value, asset: .btc) else { throw .amount }
            self.amount = amount
        case "label": label = value
        case "message": message = value
        default: break
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }
}
