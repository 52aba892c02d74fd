/// An exact quantity of one asset, counted in its minor unit.
///
/// Amounts may be negative where a balance or a difference is meant; what moves is always positive, which `Transfer` enforces.
package struct Amount: Sendable, Hashable {
    /// Minor units of `asset`: satang for THB, wei for ETH.
    @SignedTwoWords package private(set) var minorUnits: Int128
    /// What is counted.
    package let asset: Asset

    /// Makes an amount of `minorUnits` of `asset`.
    package init(minorUnits: Int128, asset: Asset) {
        self.minorUnits = minorUnits
        self.asset = asset
    }

    /// Nothing of `asset`.
    package static func zero(_ asset: Asset) -> Amount {
        Amount(minorUnits: 0, asset: asset)
    }

    /// Whether the amount is greater than zero.
    package var isPositive: Bool { minorUnits > 0 }

    /// The exact sum.
    ///
    /// - Throws: `AmountError.assetMismatch` for different assets, `AmountError.overflow` beyond 128 bits.
    package func adding(_ other: Amount) throws(AmountError) -> Amount {
        guard asset == other.asset else { throw .assetMismatch }
        let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
        guard !overflow else { throw .overflow }
        return Amount(minorUnits: sum, asset: asset)
    }

    /// The exact difference.
    ///
    /// - Throws: `AmountError.assetMismatch` for different assets, `AmountError.overflow` beyond 128 bits.
    package func subtracting(_ other: Amount) throws(AmountError) -> Amount {
        guard asset == other.asset else { throw .assetMismatch }
        let (difference, overflow) = minorUnits.subtractingReportingOverflow(other.minorUnits)
        guard !overflow else { throw .overflow }
        return Amount(minorUnits: difference, asset: asset)
    }
}

/// Why an amount could not be read or computed.
package enum AmountError: String, Error, Sendable {
    /// The text is not a plain decimal number.
    case syntax
    /// The text has more fraction digits than the asset has.
    case tooPrecise
    /// The value does not fit the 128-bit counter.
    case overflow
    /// Two different assets were combined.
    case assetMismatch
}
