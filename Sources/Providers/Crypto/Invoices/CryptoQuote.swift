package import Payments

/// What a price is in coins, at a rate that is locked until a time.
package struct CryptoQuote: Sendable, Hashable {
    package let price: Amount
    /// What has to be sent, rounded up, so that the merchant is never one unit short.
    package let due: Amount
    /// Units of the price's currency for one coin; nil when the price is in the coin itself.
    package let rate: ExchangeRate?
    /// From then on a payment is valued anew or sent back, never taken at this rate.
    package let validUntil: Timestamp

    /// Quotes a price in `asset`.
    ///
    /// - Throws: `AmountError.assetMismatch` when `rate` is not between the two, `.overflow` beyond 128 bits.
    package init(price: Amount, in asset: Asset, at rate: ExchangeRate?, validUntil: Timestamp) throws(AmountError) {
        self.price = price
        self.rate = rate
        self.validUntil = validUntil
        guard let rate else {
            guard price.asset == asset else { throw .assetMismatch }
            due = price
            return
        }
        guard rate.base == asset, rate.quote == price.asset else { throw .assetMismatch }
        due = Amount(minorUnits: try CryptoQuote.units(for: price, at: rate), asset: asset)
    }

    /// ceil(price / rate x 10^decimals) in exact integers.
    private static func units(for price: Amount, at rate: ExchangeRate) throws(AmountError) -> Int128 {
        let parts = rate.price.split(separator: ".")
        let fractionDigits = parts.count == 2 ? parts[1].utf8.count : 0
        guard price.minorUnits >= 0, let digits = Int128(parts.joined()), digits > 0 else { throw .overflow }
        // price / 10^e / (digits / 10^f) x 10^d: the powers of ten go to the side where they are positive.
        let power = rate.base.exponent + fractionDigits - rate.quote.exponent
        let scale = try powerOfTen(abs(power))
        let divisor = power < 0 ? try product(digits.magnitude, scale) : digits.magnitude
        let dividend = price.minorUnits.magnitude.multipliedFullWidth(by: power < 0 ? 1 : scale)
        guard dividend.high < divisor else { throw .overflow }
        let (quotient, remainder) = divisor.dividingFullWidth(dividend)
        guard let units = Int128(exactly: quotient), units < .max else { throw .overflow }
        return remainder == 0 ? units : units + 1
    }

    private static func powerOfTen(_ exponent: Int) throws(AmountError) -> UInt128 {
        var power: UInt128 = 1
        for _ in 0..<exponent { power = try product(power, 10) }
        return power
    }

    private static func product(_ left: UInt128, _ right: UInt128) throws(AmountError) -> UInt128 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        guard !overflow else { throw .overflow }
        return product
    }
}
