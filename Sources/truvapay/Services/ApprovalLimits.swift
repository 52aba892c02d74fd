import Payments

/// The amounts up to which a withdrawal needs no second person, read from their setting.
enum ApprovalLimits {
    /// The limits by currency.
    ///
    /// - Throws: `Refusal` that names the setting when a currency is not known or cannot hold its amount.
    static func read(_ texts: [String: String]) throws -> [Asset: Amount] {
        var limits: [Asset: Amount] = [:]
        for (code, decimal) in texts.sorted(by: { $0.key < $1.key }) {
            guard let asset = Asset(code: code), let limit = try? Amount(decimal: decimal, asset: asset), limit.minorUnits >= 0 else {
                throw Refusal("WITHDRAWAL_APPROVAL_LIMITS: \(code)=\(decimal) is no amount of a known currency")
            }
            limits[asset] = limit
        }
        return limits
    }
}
