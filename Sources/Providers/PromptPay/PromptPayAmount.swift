package import Payments

/// An amount that a Thai QR can carry: 0.01 to 9999999999.99 baht.
package struct PromptPayAmount: Sendable, Hashable {
    let amount: Amount

    /// EMVCo MPM, field 54: 13 characters at most.
    private static let maximum: Int128 = 999_999_999_999

    /// Checks an amount.
    ///
    /// - Throws: `PromptPayError`.
    package init(_ amount: Amount) throws(PromptPayError) {
        guard amount.asset == .thb else { throw .notThai }
        guard amount.isPositive else { throw .amountNotPositive }
        guard amount.minorUnits <= PromptPayAmount.maximum else { throw .amountTooLarge }
        self.amount = amount
    }

    /// Reads baht as people write them.
    ///
    /// - Throws: `PromptPayError`.
    package init(text: String) throws(PromptPayError) {
        let amount: Amount
        do throws(AmountError) {
            amount = try Amount(decimal: text, asset: .thb)
        } catch {
            switch error {
            case .tooPrecise: throw .amountTooPrecise
            case .overflow: throw .amountTooLarge
            case .syntax, .assetMismatch: throw .amountSyntax
            }
        }
        try self.init(amount)
    }
}
