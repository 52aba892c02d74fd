import Payments

/// A payment request as an `ethereum:` URI (ERC-681): ether to an address, or a token through its contract.
package struct EthereumURI: Sendable, Hashable {
    /// Who is paid, as written.
    package let payee: String
    /// The token's contract, as written; nil for ether.
    package let contract: String?
    /// Which chain; nil lets the wallet use whatever it is on, so we always write it.
    package let chainID: Int?
    private let keptUnits: SignedTwoWords?

    private static let scheme = "ethereum:"

    /// Wei or the token's smallest units, if asked for.
    package var units: Int128? { keptUnits?.wrappedValue }

    /// Asks for units of an asset at an address.
    package init(payee: String, contract: String?, chainID: Int?, units: Int128?) {
        self.payee = payee
        self.contract = contract
        self.chainID = chainID
        keptUnits = units.map { SignedTwoWords(wrappedValue: $0) }
    }

    /// The URI; the amount is only a suggestion to the payer.
    package var text: String {
        let chain = chainID.map { "@\($0)" } ?? ""
        let amount = units.map { CoinUnits.scientific($0) }
        guard let contract else {
            return EthereumURI.scheme + payee + chain + (amount.map { "?value=\($0)" } ?? "")
        }
        return EthereumURI.scheme + contract + chain + "/transfer?address=\(payee)" + (amount.map { "&uint256=\($0)" } ?? "")
    }

    /// Reads a URI that pays ether or transfers a token.
    ///
    /// - Throws: `PaymentURIError`, also for names of ENS and for functions other than `transfer`.
    package init(parsing text: String) throws(PaymentURIError) {
        let bytes = Array(text.utf8)
        let length = EthereumURI.scheme.utf8.count
        guard String(decoding: bytes.prefix(length), as: UTF8.self).lowercased() == EthereumURI.scheme else { throw .scheme }
        var content = bytes[length...]
        if content.starts(with: "pay-".utf8) { content = content.dropFirst(4) }
        let mark = content.firstIndex(of: UInt8(ascii: "?")) ?? content.endIndex
        let parts = content[..<mark].split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts[0].split(separator: UInt8(ascii: "@"), maxSplits: 1, omittingEmptySubsequences: false)
        let target = try EthereumURI.address(place[0])
        let chainID = place.count == 2 ? try EthereumURI.chain(place[1]) : nil
        let parameters = try EthereumURI.parameters(content[mark...].dropFirst())
        guard parts.count == 2 else {
            self.init(payee: target, contract: nil, chainID: chainID, units: try EthereumURI.number(parameters["value"]))
            return
        }
        guard parts[1].elementsEqual("transfer".utf8), parameters["value"] == nil else { throw .function }
        guard let payee = parameters["address"] else { throw .address }
        self.init(
            payee: try EthereumURI.address(payee.utf8),
            contract: target,
            chainID: chainID,
            units: try EthereumURI.number(parameters["uint256"])
        )
    }

    private static func address(_ text: some Collection<UInt8>) throws(PaymentURIError) -> String {
        guard text.count == 42, text.starts(with: "0x".utf8), text.dropFirst(2).allSatisfy(EthereumAddress.isHexadecimal) else {
            throw .address
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func chain(_ text: some Collection<UInt8>) throws(PaymentURIError) -> Int {
        guard text.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            let number = Int(String(decoding: text, as: UTF8.self)), number > 0
        else { throw .chain }
        return number
    }

    private static func parameters(_ text: some Collection<UInt8>) throws(PaymentURIError) -> [String: String] {
        var parameters: [String: String] = [:]
        for (key, value) in try PaymentURIQuery(text).pairs {
            guard parameters.updateValue(value, forKey: key) == nil else { throw .duplicate }
        }
        return parameters
    }

    /// ERC-681: `2.014e18`; the result has to be a whole number, and a payment of less than nothing is refused.
    private static func number(_ text: String?) throws(PaymentURIError) -> Int128? {
        guard let text else { return nil }
        let unsigned = text.hasPrefix("+") ? text.dropFirst() : text[...]
        let parts = unsigned.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E")
        }
        var exponent = 0
        if parts.count == 2 {
            let digits = String(decoding: parts[1], as: UTF8.self)
            guard digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }), let number = Int(digits), number <= 38
            else { throw .amount }
            exponent = number
        }
        let mantissa = String(decoding: parts[0], as: UTF8.self)
        guard let units = try? CoinUnits.units(mantissa, decimals: exponent) else { throw .amount }
        return units
    }
}
