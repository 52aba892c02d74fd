/// The price of one asset in another as it was quoted, a positive decimal number kept to its last digit.
package struct ExchangeRate: Sendable, Hashable, CustomStringConvertible {
    /// What is priced: one unit of it.
    package let base: Asset
    /// What it is priced in.
    package let quote: Asset
    /// Units of `quote` for one unit of `base`, a plain decimal number such as `36.4521`.
    package let price: String

    /// Checks and keeps a rate; nil unless the price is a plain positive decimal number of at most 40 characters.
    package init?(base: Asset, quote: Asset, price: String) {
        let parts = price.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isDecimal = parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } }
        guard base != quote, (1...2).contains(parts.count), isDecimal, price.utf8.count <= 40,
            price.contains(where: { $0 != "0" && $0 != "." })
        else { return nil }
        self.base = base
        self.quote = quote
        self.price = price
    }

    /// Reads what `description` wrote; nil for anything else.
    package init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3 else { return nil }
        let pair = words[0].split(separator: "/", omittingEmptySubsequences: false)
        guard pair.count == 2, words[1] == "=", let base = Asset(code: String(pair[0])), let quote = Asset(code: String(pair[1])) else {
            return nil
        }
        self.init(base: base, quote: quote, price: String(words[2]))
    }

    /// For example `USDT/THB = 36.4521`.
    package var description: String { "\(base.code)/\(quote.code) = \(price)" }
}
