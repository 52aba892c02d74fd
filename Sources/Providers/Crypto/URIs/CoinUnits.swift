package import Payments

/// Amounts of a coin as text, for any number of decimals: the same symbol has other decimals on another network.
package enum CoinUnits {
    /// The most decimals that a token can have here; ten to that power still fits.
    private static let decimalsMax = 38

    /// Reads a plain decimal number of coins as whole units of 10^-`decimals`.
    ///
    /// - Throws: `AmountError` for signs, exponents, commas, too many digits, and what does not fit 128 bits.
    package static func units(_ text: String, decimals: Int) throws(AmountError) -> Int128 {
        guard (0...decimalsMax).contains(decimals) else { throw .overflow }
        let parts = Array(text.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { throw .syntax }
        guard parts[0].count == 1 || parts[0].first != UInt8(ascii: "0") else { throw .syntax }
        let fraction = parts.count == 2 ? parts[1] : []
        guard fraction.count <= decimals else { throw .tooPrecise }
        var units: Int128 = 0
        for digit in parts[0] + fraction + [UInt8](repeating: UInt8(ascii: "0"), count: decimals - fraction.count) {
            let (shifted, overflow) = units.multipliedReportingOverflow(by: 10)
            let (sum, overflowInSum) = shifted.addingReportingOverflow(Int128(digit - UInt8(ascii: "0")))
            guard !overflow, !overflowInSum else { throw .overflow }
            units = sum
        }
        return units
    }

    /// The shortest decimal number of coins: no zeros at the end, no point without digits behind it.
    package static func shortest(_ units: Int128, decimals: Int) -> String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        let whole = padded.dropLast(decimals)
        let fraction = padded.suffix(decimals)
        let zeros = fraction.reversed().prefix { $0 == "0" }.count
        let significant = fraction.dropLast(zeros)
        return (units < 0 ? "-" : "") + whole + (significant.isEmpty ? "" : "." + significant)
    }

    /// Whole units as ERC-681 writes them: with an exponent where that is shorter, `2.014e18`.
    package static func scientific(_ units: Int128) -> String {
        let digits = String(units.magnitude)
        let zeros = digits.reversed().prefix { $0 == "0" }.count
        let significant = digits.dropLast(zeros)
        guard let first = significant.first else { return digits }
        let rest = significant.dropFirst()
        let short = "\(first)" + (rest.isEmpty ? "" : "." + rest) + "e\(digits.utf8.count - 1)"
        return short.utf8.count < digits.utf8.count ? short : digits
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
