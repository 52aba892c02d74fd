import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

/// The vectors of `providers/crypto/vectors.json`, checked with embit, base58 and eth-utils.
@Suite("crypto vectors")
struct CryptoVectorsTests {
    static let file = (try? JSONValue.parse(Fixture.bytes("providers/crypto/vectors.json"), policy: .provider)) ?? .null

    private static func networks(_ vector: JSONValue) -> [CryptoNetwork] {
        switch (vector["asset"]?.string, vector["network"]?.string) {
        case ("BTC", "mainnet"): [.bitcoin]
        case ("BTC", "testnet"): [.bitcoinTestnet]
        case ("TRX", _): [.tron]
        case ("ETH", _): [.ethereum, .sepolia]
        default: [.bitcoin, .bitcoinTestnet]
        }
    }

    @Test("every good address has its normal form, and no other network takes it")
    func goodAddresses() throws {
        var checked = 0
        for vector in Self.file["addresses"]?.array ?? [] where vector["valid"]?.bool == true {
            let text = try #require(vector["address"]?.string)
            let networks = Self.networks(vector)
            let segwit = text.lowercased().hasPrefix("bc1") || text.lowercased().hasPrefix("tb1")
            let normal = vector["checksummed"]?.string ?? (segwit ? text.lowercased() : text)
            for network in networks {
                #expect((try? CryptoAddress(text, on: network).text) == normal, "\(text)")
            }
            for network in CryptoNetwork.allCases where !networks.contains(network) {
                #expect(throws: CryptoAddressError.self, "\(text) on \(network)") { try CryptoAddress(text, on: network) }
            }
            if let script = vector["script_pubkey"]?.string {
                let address = try SegwitAddress(text)
                let version = address.version == 0 ? "00" : String(80 + address.version, radix: 16)
                let length = String(address.program.count, radix: 16)
                let program = address.program.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                #expect(script == version + (length.count < 2 ? "0" : "") + length + program)
            }
            if let hash = vector["hash160"]?.string {
                let payload = try Base58Check.decode(text)
                #expect(hash == payload.dropFirst().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
            }
            checked += 1
        }
        #expect(checked >= 18)
    }

    @Test("every bad address is refused on every network")
    func badAddresses() throws {
        var checked = 0
        for vector in Self.file["addresses"]?.array ?? [] where vector["valid"]?.bool == false {
            let text = try #require(vector["address"]?.string)
            for network in CryptoNetwork.allCases {
                #expect(throws: CryptoAddressError.self, "\(text) on \(network)") { try CryptoAddress(text, on: network) }
            }
            checked += 1
        }
        #expect(checked >= 18)
    }

    @Test(
        "a refusal names its reason",
        arguments: [
            ("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", CryptoNetwork.bitcoin, CryptoAddressError.otherNetwork),
            ("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", .bitcoin, .otherNetwork),
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", .bitcoin, .checksum),
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", .bitcoin, .checksumOfOtherVersion),
            ("bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", .bitcoin, .mixedCase),
            ("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", .bitcoin, .version),
            ("0x0000000000000000000000000000000000000000", .ethereum, .zeroAddress),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", .ethereum, .checksum),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", .ethereum, .length),
            ("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", .ethereum, .prefix),
            ("", .bitcoin, .length),
        ]
    )
    func reasons(text: String, network: CryptoNetwork, reason: CryptoAddressError) {
        #expect(throws: reason) { try CryptoAddress(text, on: network) }
    }

    @Test("every URI is written byte for byte")
    func writtenURIs() throws {
        var checked = 0
        for vector in Self.file["uris"]?.array ?? [] where vector["op"]?.string == "build" {
            let input = try #require(vector["input"])
            #expect(Self.uri(input, scheme: vector["scheme"]?.string) == vector["uri"]?.string, "\(vector["id"]?.string ?? "")")
            checked += 1
        }
        #expect(checked >= 6)
    }

    private static func uri(_ input: JSONValue, scheme: String?) -> String {
        guard scheme == "ethereum" else {
            let amount = input["amount_sat"]?.int64.map { Amount(minorUnits: Int128($0), asset: .btc) }
            return BitcoinURI(
                address: input["address"]?.string ?? "",
                amount: amount,
                label: input["label"]?.string,
                message: input["message"]?.string
            ).text
        }
        let units = (input["amount_wei"] ?? input["amount_units"])?.string.flatMap { Int128($0) }
        return EthereumURI(
            payee: input["to"]?.string ?? input["address"]?.string ?? "",
            contract: input["token"]?.string,
            chainID: input["chain_id"]?.int64.map { Int($0) },
            units: units
        ).text
    }

    @Test("every URI is read or refused as it should")
    func readURIs() throws {
        var checked = 0
        for vector in Self.file["uris"]?.array ?? [] where vector["op"]?.string == "parse" {
            let text = try #require(vector["uri"]?.string)
            let isBitcoin = vector["scheme"]?.string == "bitcoin"
            if vector["valid"]?.bool == true {
                #expect(throws: Never.self, "\(text)") {
                    if isBitcoin { _ = try BitcoinURI(parsing: text) } else { _ = try EthereumURI(parsing: text) }
                }
            } else {
                #expect(throws: PaymentURIError.self, "\(text)") {
                    if isBitcoin { _ = try BitcoinURI(parsing: text) } else { _ = try EthereumURI(parsing: text) }
                }
            }
            checked += 1
        }
        #expect(checked >= 12)
    }

    @Test("every amount is read exactly or refused, also where it does not fit 64 bits")
    func amounts() throws {
        for vector in Self.file["amounts"]?.array ?? [] {
            let text = try #require(vector["text"]?.string)
            let decimals = Int(vector["decimals"]?.int64 ?? 0)
            if let units = vector["units"]?.string {
                #expect(try CoinUnits.units(text, decimals: decimals) == Int128(units), "\(text)")
            } else {
                #expect(throws: AmountError.self, "\(text)") { try CoinUnits.units(text, decimals: decimals) }
            }
        }
    }

    @Test("every quote is rounded up exactly")
    func quotes() throws {
        for vector in Self.file["quotes"]?.array ?? [] {
            let asset = try #require(Asset(code: vector["asset"]?.string ?? ""))
            let price = try Amount(decimal: vector["price_thb"]?.string ?? "", asset: .thb)
            let rate = try #require(ExchangeRate(base: asset, quote: .thb, price: vector["thb_per_unit"]?.string ?? ""))
            let quote = try CryptoQuote(price: price, in: asset, at: rate, validUntil: Timestamp(seconds: 900))
            #expect(String(quote.due.minorUnits) == vector["units"]?.string, "\(vector["id"]?.string ?? "")")
        }
    }
}
