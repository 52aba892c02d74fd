extension Amount {
    /// Reads a non-negative decimal string such as `150.00`, exactly.
    ///
    /// Accepted are ASCII digits with at most one point between digits; refused are signs, exponents, spaces, thousands marks, digits of
    /// other scripts, and leading zeros, so that one amount has few spellings.
    ///
    /// - Throws: `AmountError.syntax`, `.tooPrecise` or `.overflow`.
    package init(decimal text: String, asset: Asset) throws(AmountError) {
        var minorUnits: Int128 = 0
        var fractionDigits = 0
        var integerDigits = 0
        var sawPoint = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "."), !sawPoint, integerDigits > 0 {
                sawPoint = true
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { throw .syntax }
            if sawPoint { fractionDigits += 1 } else { integerDigits += 1 }
            guard sawPoint || integerDigits == 1 || minorUnits != 0 else { throw .syntax }
            guard fractionDigits <= asset.exponent else { throw .tooPrecise }
            minorUnits = try Amount.appending(digit: Int128(byte - UInt8(ascii: "0")), to: minorUnits)
        }
        guard integerDigits > 0, !sawPoint || fractionDigits > 0 else { throw .syntax }
        for _ in fractionDigits..<asset.exponent {
            minorUnits = try Amount.appending(digit: 0, to: minorUnits)
        }
        self.init(minorUnits: minorUnits, asset: asset)
    }

    private static func appending(digit: Int128, to value: Int128) throws(AmountError) -> Int128 {
        let (shifted, overflowInShift) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflowInSum) = shifted.addingReportingOverflow(digit)
        guard !overflowInShift, !overflowInSum else { throw .overflow }
        return sum
    }

    /// The decimal string with exactly the asset's fraction digits: `150.00`, `-0.05`, `500` for JPY.
    package var decimal: String { decimal(isNegative: minorUnits < 0) }

    /// The decimal string of the opposite amount, which exists for every amount.
    package var negatedDecimal: String { decimal(isNegative: minorUnits > 0) }

    private func decimal(isNegative: Bool) -> String {
        let digits = String(minorUnits.magnitude)
        let sign = isNegative ? "-" : ""
        guard asset.exponent > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, asset.exponent + 1 - digits.utf8.count)) + digits
        let point = padded.index(padded.endIndex, offsetBy: -asset.exponent)
        return sign + padded[..<point] + "." + padded[point...]
    }
}

extension Amount: CustomStringConvertible {
    package var description: String { "\(decimal) \(asset.code)" }
}
