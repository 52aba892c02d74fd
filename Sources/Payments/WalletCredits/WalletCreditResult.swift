/// What became of one line.
///
/// The number is kept with the answer of a call, so a number is never given another meaning.
package enum WalletCreditResult: UInt8, Sendable, Hashable, CaseIterable {
    /// Booked by this call.
    case credited = 0
    /// The same line was booked before.
    case alreadyCredited = 1
    /// A line of this reference was booked before for another customer or amount.
    case differentContent = 2
    case invalidReference = 10
    case duplicateReference = 11
    case invalidCustomerID = 12
    case invalidAmount = 13
    case cardNumberRefused = 14
    case accountClosed = 20
    case assetMismatch = 21
    case accountMismatch = 22
    case wouldExceedBalance = 23
    case overflow = 24
    case refused = 25

    /// The result of a posting.
    package init(_ result: PostingResult) {
        switch result {
        case .created: self = .credited
        case .exists: self = .alreadyCredited
        case .existsWithDifferentContent: self = .differentContent
        case .accountClosed: self = .accountClosed
        case .assetMismatch: self = .assetMismatch
        case .accountMismatch: self = .accountMismatch
        case .wouldExceedBalance: self = .wouldExceedBalance
        case .overflow: self = .overflow
        default: self = .refused
        }
    }

    /// Whether the line stands in the wallet after the call.
    package var isCredited: Bool { self == .credited || self == .alreadyCredited }

    /// The result in the words of the interface.
    package var outcome: String {
        switch self {
        case .credited: "credited"
        case .alreadyCredited: "already_credited"
        case .differentContent: "different_content"
        default: "refused"
        }
    }

    /// Why a line was refused; nil for the others.
    package var code: String? {
        switch self {
        case .credited, .alreadyCredited, .differentContent: nil
        case .invalidReference: "invalid_reference"
        case .duplicateReference: "duplicate_reference"
        case .invalidCustomerID: "invalid_customer_id"
        case .invalidAmount: "invalid_amount"
        case .cardNumberRefused: "card_number_refused"
        case .accountClosed: "account_closed"
        case .assetMismatch: "asset_mismatch"
        case .accountMismatch: "account_mismatch"
        case .wouldExceedBalance: "would_exceed_balance"
        case .overflow: "overflow"
        case .refused: "refused"
        }
    }
}
