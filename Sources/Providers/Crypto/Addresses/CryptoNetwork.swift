package import Payments

/// A chain with addresses of its own.
package enum CryptoNetwork: String, Sendable, Hashable, CaseIterable {
    case bitcoin
    case bitcoinTestnet = "bitcoin-testnet"
    case ethereum
    /// Ethereum's test network.
    case sepolia
    case tron

    /// What an ERC-681 address names the chain with; nil for chains that are no Ethereum.
    package var chainID: Int? {
        switch self {
        case .ethereum: 1
        case .sepolia: 11_155_111
        case .bitcoin, .bitcoinTestnet, .tron: nil
        }
    }
}

/// What is really sent: the same symbol is another thing on another network, with other decimals.
package struct CryptoAsset: Sendable, Hashable {
    /// The asset as our interface names it.
    package let asset: Asset
    package let network: CryptoNetwork
    /// The token's contract in checksum form; nil for the network's own coin.
    package let contract: String?

    /// Describes an asset of a network.
    package init(asset: Asset, network: CryptoNetwork, contract: String? = nil) {
        self.asset = asset
        self.network = network
        self.contract = contract
    }

    /// What we take on the networks where coins have a value.
    package static let live = [
        CryptoAsset(asset: .btc, network: .bitcoin),
        CryptoAsset(asset: .eth, network: .ethereum),
        CryptoAsset(asset: .usdt, network: .ethereum, contract: "0xdAC17F958D2ee523a2206206994597C13D831ec7"),
    ]

    /// The same on test networks; the token is one of our own simulator.
    package static let test = [
        CryptoAsset(asset: .btc, network: .bitcoinTestnet),
        CryptoAsset(asset: .eth, network: .sepolia),
        CryptoAsset(asset: .usdt, network: .sepolia, contract: EthereumAddress.checksummed("000000000000000000000000000000005d7e57ed")),
    ]
}
