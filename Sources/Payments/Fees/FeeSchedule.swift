/// What a provider keeps of a payment: a share, a fixed sum, or both, and the VAT on it.
///
/// The fee is rounded first and the VAT of the rounded fee after it, as the published examples of Omise and Stripe Thailand do; fee and VAT
/// together in one rounding would be another number.
package struct FeeSchedule: Sendable, Hashable {
    /// Hundredths of the payment: 3.65 for 3.65 %.
    package let rate: Percentage
    /// Kept of every payment, whatever its amount; nil where there is none.
    package let fixed: Amount?
    /// On top of the fee, or in it.
    package let vat: Percentage
    /// Whether `rate` and `fixed` hold the VAT already.
    package let includesVAT: Bool
    package let rounding: RoundingRule

    /// Describes a schedule; `fixed` is not negative.
    package init(rate: Percentage, fixed: Amount?, vat: Percentage, includesVAT: Bool = false, rounding: RoundingRule) {
        self.rate = rate
        self.fixed = fixed
        self.vat = vat
        self.includesVAT = includesVAT
        self.rounding = rounding
    }

    /// What is kept of `gross`; nil where the fixed sum is in another currency, or the amount is too large to count with.
    package func fee(on gross: Amount) -> FeeBreakdown? {
        if let fixed, fixed.asset != gross.asset, fixed.minorUnits != 0 { return nil }
        guard let share = rate.share(of: gross.minorUnits, rounding) else { return nil }
        let kept = share + (fixed?.minorUnits ?? 0)
        let fee: Int128
        let tax: Int128
        if includesVAT {
            guard let net = vat.base(of: kept, rounding) else { return nil }
            fee = net
            tax = kept - net
        } else {
            guard let added = vat.share(of: kept, rounding) else { return nil }
            fee = kept
            tax = added
        }
        let amount = { (minorUnits: Int128) in Amount(minorUnits: minorUnits, asset: gross.asset) }
        return FeeBreakdown(gross: gross, fee: amount(fee), vat: amount(tax), net: amount(gross.minorUnits - fee - tax))
    }
}

/// What became of a payment's amount.
package struct FeeBreakdown: Sendable, Hashable {
    package let gross: Amount
    /// Before VAT.
    package let fee: Amount
    package let vat: Amount
    /// What is left; negative where the fixed sum is more than the payment.
    package let net: Amount
}

/// An exact share in hundredths, of up to six decimals.
package struct Percentage: Sendable, Hashable {
    /// Millionths of a hundredth.
    @SignedTwoWords private(set) var millionths: Int128

    private static let scale: Int128 = 1_000_000
    private static let whole: Int128 = 100 * scale

    /// Nothing.
    package static let zero = Percentage(millionths: 0)

    private init(millionths: Int128) {
        self.millionths = millionths
    }

    /// Reads `3.65`; nil when that is no decimal from 0 to 100.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, (1...3).contains(first.count), parts.count == 1 || (1...6).contains(parts[1].count) else {
            return nil
        }
        var value: Int128 = 0
        for byte in Array(first) + Array(parts.count > 1 ? parts[1] : first.prefix(0)) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int128(byte - UInt8(ascii: "0"))
        }
        for _ in (parts.count > 1 ? parts[1].count : 0)..<6 { value *= 10 }
        guard value <= Percentage.whole else { return nil }
        self.init(millionths: value)
    }

    /// The share of an amount, rounded to the minor unit; nil beyond 128 bits.
    package func share(of minorUnits: Int128, _ rounding: RoundingRule) -> Int128? {
        let (product, overflow) = minorUnits.multipliedReportingOverflow(by: millionths)
        return overflow ? nil : rounding.quotient(product, Percentage.whole)
    }

    /// What an amount was before this share was added to it, rounded to the minor unit; nil beyond 128 bits.
    package func base(of minorUnits: Int128, _ rounding: RoundingRule) -> Int128? {
        let (product, overflow) = minorUnits.multipliedReportingOverflow(by: Percentage.whole)
        return overflow ? nil : rounding.quotient(product, Percentage.whole + millionths)
    }
}

/// What happens to half a minor unit; providers rarely say, and some cases tell.
package enum RoundingRule: String, Sendable, Hashable, CaseIterable {
    /// Away from zero.
    case halfUp = "half_up"
    /// To the even neighbour.
    case halfEven = "half_even"
    /// Whatever the fraction, towards zero.
    case down
    /// Whatever the fraction, away from zero.
    case up

    /// The rounded quotient; `divisor` is positive.
    func quotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
        let (quotient, remainder) = dividend.magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        let rounded = quotient + (rounds(quotient, remainder, divisor.magnitude) ? 1 : 0)
        return dividend < 0 ? -Int128(rounded) : Int128(rounded)
    }

    private func rounds(_ quotient: UInt128, _ remainder: UInt128, _ divisor: UInt128) -> Bool {
        switch self {
        case .down: false
        case .up: remainder > 0
        case .halfUp: remainder >= divisor - remainder
        case .halfEven: remainder > divisor - remainder || remainder == divisor - remainder && !quotient.isMultiple(of: 2)
        }
    }
}
