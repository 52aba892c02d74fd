/// An address that money may be sent to on a network, checked and in its normal form.
package struct CryptoAddress: Sendable, Hashable {
    package let network: CryptoNetwork
    /// Segwit in small letters, Ethereum in checksum form, base 58 as it is.
    package let text: String

    /// Checks a text.
    ///
    /// - Throws: `CryptoAddressError`, the first reason that applies.
    package init(_ text: String, on network: CryptoNetwork) throws(CryptoAddressError) {
        switch network {
        case .bitcoin, .bitcoinTestnet: self.text = try CryptoAddress.bitcoin(text, network)
        case .ethereum, .sepolia: self.text = try EthereumAddress.normalized(text)
        case .tron: self.text = try CryptoAddress.base58(text, versions: [0x41], ofOthers: [])
        }
        self.network = network
    }

    private static func bitcoin(_ text: String, _ network: CryptoNetwork) throws(CryptoAddressError) -> String {
        guard SegwitAddress.isMeant(by: text) else {
            // Pay to public key hash, pay to script hash.
            let live: Set<UInt8> = [0x00, 0x05]
            let test: Set<UInt8> = [0x6f, 0xc4]
            return network == .bitcoin
                ? try base58(text, versions: live, ofOthers: test) : try base58(text, versions: test, ofOthers: live)
        }
        guard try SegwitAddress(text).network == network else { throw .otherNetwork }
        return text.lowercased()
    }

    /// The checksum of a private key or of an extended key fits too, so version and length are looked at.
    private static func base58(
        _ text: String,
        versions: Set<UInt8>,
        ofOthers others: Set<UInt8>
    ) throws(CryptoAddressError) -> String {
        let payload = try Base58Check.decode(text)
        guard let version = payload.first, payload.count == 21 else { throw .version }
        guard versions.contains(version) else { throw others.contains(version) ? .otherNetwork : .version }
        return text
    }
}
