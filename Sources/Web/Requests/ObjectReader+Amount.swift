import Payments

extension ObjectReader {
    /// The members `amount` and `currency` together, greater than zero.
    mutating func amount() throws(Problem) -> Amount {
        let text = try text("amount", lengthMax: 64)
        return try positiveAmount(text, try currency())
    }

    /// The member `amount` in a currency that is known already; it may be missing or null.
    mutating func optionalAmount(of asset: Asset) throws(Problem) -> Amount? {
        guard let text = try optionalText("amount", lengthMax: 64) else { return nil }
        return try positiveAmount(text, asset)
    }

    private func positiveAmount(_ text: String, _ asset: Asset) throws(Problem) -> Amount {
        let amount: Amount
        do {
            amount = try Amount(decimal: text, asset: asset)
        } catch {
            throw .field(pointer("amount"), ObjectReader.sentence(for: error, asset), code: .invalidAmount)
        }
        guard amount.isPositive else {
            throw .field(pointer("amount"), "The amount must be greater than zero.", code: .invalidAmount)
        }
        return amount
    }

    /// The member `currency`.
    mutating func currency() throws(Problem) -> Asset {
        guard let asset = Asset(code: try text("currency", lengthMax: 16)) else {
            throw .field(pointer("currency"), "This currency is not known.", code: .unknownCurrency)
        }
        return asset
    }

    private static func sentence(for error: AmountError, _ asset: Asset) -> String {
        switch error {
        case .tooPrecise: "\(asset.code) has \(asset.exponent) fraction digits."
        case .overflow: "The amount is too large."
        case .syntax, .assetMismatch: "The amount must be a decimal string such as 150.00."
        }
    }
}
