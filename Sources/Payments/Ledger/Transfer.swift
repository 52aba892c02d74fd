/// The smallest movement of the books: one account is debited and one is credited with the same positive amount of the same asset.
///
/// There is no way to write half of one, so a set of transfers is always balanced.
package struct Transfer: Sendable, Hashable {
    /// The account on the debit side.
    package let debit: LedgerAccount
    /// The account on the credit side.
    package let credit: LedgerAccount
    /// What moves; positive.
    package let amount: Amount

    /// Checks and makes a transfer.
    ///
    /// - Throws: `TransferError` when the amount is not positive, an account holds another asset, or both sides are one account.
    package init(debit: LedgerAccount, credit: LedgerAccount, amount: Amount) throws(TransferError) {
        guard amount.isPositive else { throw .amountNotPositive }
        guard debit.asset == amount.asset, credit.asset == amount.asset else { throw .assetMismatch }
        guard debit.name != credit.name else { throw .sameAccount }
        self.debit = debit
        self.credit = credit
        self.amount = amount
    }

    /// The same movement of only `minorUnits`; nil unless that is positive.
    func reduced(to minorUnits: Int128) -> Transfer? {
        try? Transfer(debit: debit, credit: credit, amount: Amount(minorUnits: minorUnits, asset: amount.asset))
    }
}

/// Why a transfer cannot exist.
package enum TransferError: String, Error, Sendable {
    case amountNotPositive = "amount_not_positive"
    case assetMismatch = "asset_mismatch"
    case sameAccount = "same_account"
}
