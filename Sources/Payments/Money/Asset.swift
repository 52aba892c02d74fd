/// What an amount is counted in: an ISO 4217 currency or one of the crypto assets we accept.
///
/// The exponent is the number of decimal digits of the minor unit: 2 for THB (satang), 0 for JPY, 3 for KWD, 18 for ETH (wei).
package struct Asset: Sendable, Hashable {
    /// The upper-case code, for example `THB`.
    package let code: String
    /// Decimal digits of the minor unit, 0 to 18.
    package let exponent: Int

    /// Looks a code up in the table of known assets; case matters, because our own interface writes codes in upper case.
    package init?(code: String) {
        guard let exponent = Asset.exponents[code] else { return nil }
        self.code = code
        self.exponent = exponent
    }

    private init(known code: String, exponent: Int) {
        self.code = code
        self.exponent = exponent
    }

    /// The Thai baht.
    package static let thb = Asset(known: "THB", exponent: 2)
    /// The Japanese yen, which has no minor unit.
    package static let jpy = Asset(known: "JPY", exponent: 0)
    /// The United States dollar.
    package static let usd = Asset(known: "USD", exponent: 2)
    /// Bitcoin, counted in satoshi.
    package static let btc = Asset(known: "BTC", exponent: 8)
    /// Tether's dollar token, counted in millionths where its contract has six decimals.
    package static let usdt = Asset(known: "USDT", exponent: 6)
    /// Ether, counted in wei.
    package static let eth = Asset(known: "ETH", exponent: 18)

    /// What a crypto charge can be paid with.
    package static let coins: Set<Asset> = [.btc, .eth, .usdt]

    /// Every code that is accepted, in alphabetical order.
    package static var knownCodes: [String] { exponents.keys.sorted() }
}

extension Asset: CustomStringConvertible {
    package var description: String { code }
}
