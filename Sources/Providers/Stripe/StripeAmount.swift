import Payments

/// Amounts as Stripe counts them, which is not always as ISO 4217 does.
///
/// docs.stripe.com/currencies: ISK and UGX are sent with two decimals that must be zero, MGA without any; three-decimal currencies are
/// sent with their last digit zero.
enum StripeAmount {
    private static let exponents = ["ISK": 2, "UGX": 2, "MGA": 0]

    /// Stripe's whole number for an amount; nil when Stripe cannot express it.
    static func minorUnits(_ amount: Amount) -> Int64? {
        let exponent = exponents[amount.asset.code] ?? amount.asset.exponent
        guard let scaled = scale(amount.minorUnits, by: exponent - amount.asset.exponent) else { return nil }
        if exponent == 3, scaled % 10 != 0 { return nil }
        return Int64(exactly: scaled)
    }

    /// The amount behind Stripe's number.
    static func amount(_ minorUnits: Int64, currency: String) throws(InterpretationError) -> Amount {
        guard let asset = Asset(code: currency.uppercased()) else { throw InterpretationError("currency is not known") }
        let exponent = exponents[asset.code] ?? asset.exponent
        guard let scaled = scale(Int128(minorUnits), by: asset.exponent - exponent) else {
            throw InterpretationError("the amount is finer than the currency")
        }
        return Amount(minorUnits: scaled, asset: asset)
    }

    /// Moves the point; nil when that would cut digits off or overflow.
    private static func scale(_ value: Int128, by digits: Int) -> Int128? {
        var scaled = value
        for _ in 0..<abs(digits) {
            if digits > 0 {
                let (product, overflow) = scaled.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
                scaled = product
            } else {
                guard scaled % 10 == 0 else { return nil }
                scaled /= 10
            }
        }
        return scaled
    }
}
