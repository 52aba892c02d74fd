import Payments
import TestSupport
import Testing

@testable import Providers

/// What was cut, mistyped or made up is refused, and nothing crashes.
@Suite("damaged addresses and payment URIs")
struct CryptoDamageTests {
    private static let addresses: [(String, CryptoNetwork)] = [
        ("bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", .bitcoin),
        ("tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy", .bitcoinTestnet),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", .bitcoin),
        ("2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc", .bitcoinTestnet),
        ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", .tron),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", .ethereum),
    ]

    private static let uris = [
        "bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?amount=0.001&message=%E0%B8%AA%20x&req-pop=a",
        "ethereum:pay-0xdAC17F958D2ee523a2206206994597C13D831ec7@1/transfer"
            + "?address=0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359&uint256=1.05e7",
    ]

    @Test("an address cut at any character is refused", arguments: addresses)
    func truncation(address: String, network: CryptoNetwork) {
        for length in 0..<address.count {
            #expect(throws: CryptoAddressError.self) { try CryptoAddress(String(address.prefix(length)), on: network) }
        }
        #expect(throws: CryptoAddressError.self) { try CryptoAddress(address + " ", on: network) }
        #expect(throws: CryptoAddressError.self) { try CryptoAddress(" " + address, on: network) }
    }

    @Test("any one character mistyped is noticed", arguments: addresses)
    func substitution(address: String, network: CryptoNetwork) throws {
        let alphabet = Array("023456789acdefghjklmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ1")
        var characters = Array(address)
        var unnoticed = 0
        for index in characters.indices.dropFirst(4) {
            let right = characters[index]
            for wrong in alphabet where wrong != right {
                characters[index] = wrong
                if (try? CryptoAddress(String(characters), on: network)) != nil { unnoticed += 1 }
            }
            characters[index] = right
        }
        // ERC-55 notices by chance alone: about one in four thousand slips through.
        #expect(unnoticed <= (network == .ethereum ? 5 : 0))
    }

    @Test("random text is refused on every network and crashes nothing")
    func random() {
        var random = SeededRandom.printed("crypto texts")
        for round in 0..<4000 {
            let bytes = (0..<Int.random(in: 0...120, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            let start = ["", "bc1", "tb1q", "0x", "bitcoin:", "ethereum:0x", "T"][round % 7]
            let text = start + String(decoding: bytes, as: UTF8.self)
            for network in CryptoNetwork.allCases {
                #expect(throws: CryptoAddressError.self) { try CryptoAddress(text, on: network) }
            }
            _ = try? BitcoinURI(parsing: text)
            _ = try? EthereumURI(parsing: text)
        }
    }

    @Test("a URI cut or changed anywhere crashes nothing", arguments: uris)
    func damagedURIs(uri: String) {
        for length in 0..<uri.count {
            _ = try? BitcoinURI(parsing: String(uri.prefix(length)))
            _ = try? EthereumURI(parsing: String(uri.prefix(length)))
        }
        var random = SeededRandom.printed("payment URIs")
        for _ in 0..<3000 {
            var bytes = Array(uri.utf8)
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? BitcoinURI(parsing: text)
            _ = try? EthereumURI(parsing: text)
        }
    }

    @Test("what is written is read again")
    func roundTrip() throws {
        var random = SeededRandom.printed("round trips")
        for _ in 0..<500 {
            let satoshi = Int128.random(in: 1...2_100_000_000_000_000, using: &random)
            let bitcoin = BitcoinURI(
                address: "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy",
                amount: Amount(minorUnits: satoshi, asset: .btc),
                label: "สลาก & #\(satoshi)",
                message: "a+b=c?"
            )
            #expect(try BitcoinURI(parsing: bitcoin.text) == bitcoin)
            let ethereum = EthereumURI(
                payee: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                contract: Bool.random(using: &random) ? "0xdAC17F958D2ee523a2206206994597C13D831ec7" : nil,
                chainID: 11_155_111,
                units: Int128.random(in: 0...(.max), using: &random)
            )
            #expect(try EthereumURI(parsing: ethereum.text) == ethereum)
        }
    }

    @Test(
        "bitcoin URIs beyond the vectors",
        arguments: [
            ("BITCOIN:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4?AMOUNT=0.001&LABEL=X", true),
            ("bitcoin:?lightning=lnbc1", true),
            ("bitcoin:", false), ("bitcoin:?amount=1", false), ("bitcoin:?lightning=", false),
            ("bitcoin:?bc=tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", false),
            ("bitcoin:?tb=tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", true),
            ("bitcoin:x?req-something=1", false), ("bitcoin:x?REQ-something=1", false), ("bitcoin:x?something=1", true),
            ("bitcoin:x?amount=1e8", false), ("bitcoin:x?amount=-1", false), ("bitcoin:x?amount=0.000000001", false),
            ("bitcoin:x?label=a&LABEL=a", false), ("bitcoin:x?label=%E0%B8", false), ("bitcoin:x?label=%zz", false),
        ]
    )
    func bitcoin(text: String, isGood: Bool) {
        #expect(((try? BitcoinURI(parsing: text)) != nil) == isGood)
    }

    @Test("a plus sign stays a plus sign, an escaped one too")
    func plus() throws {
        #expect(try BitcoinURI(parsing: "bitcoin:x?label=a+b%2Bc%20d").label == "a+b+c d")
    }
}
