/// Why a manual entry cannot be asked for or decided.
package struct ManualEntryRefusal: Error, Sendable, Hashable {
    package let code: Code
    /// The account at fault, if one is.
    package let account: AccountName?

    /// The reason, in the words of the interface.
    package enum Code: String, Sendable, CaseIterable {
        /// There is no such manual entry.
        case notFound = "not_found"
        /// Whoever asked for it cannot decide about it.
        case secondPersonRequired = "second_person_required"
        /// Somebody decided before.
        case alreadyDecided = "already_decided"
        /// An account is new, and nobody said what class it is of.
        case accountClassMissing = "account_class_missing"
        /// An account is said to be of a class that it is not of.
        case accountMismatch = "account_mismatch"
        /// An account holds another asset.
        case assetMismatch = "asset_mismatch"
        /// A transfer debits and credits one account.
        case sameAccount = "same_account"
        /// A transfer moves nothing.
        case invalidAmount = "invalid_amount"
    }

    /// Refuses, because of an account where one is named.
    package init(_ code: Code, account: AccountName? = nil) {
        self.code = code
        self.account = account
    }
}
