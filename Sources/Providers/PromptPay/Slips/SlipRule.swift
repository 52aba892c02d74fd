import Payments

/// Whether the transfer behind a slip pays a charge.
enum SlipRule {
    /// As many digits of the receiver's number must be shown at least, or the slip proves nothing of who was paid.
    private static let visibleMin = 4

    /// Accepts only a transfer to us, of exactly the charge's amount, made after the charge was, under no other charge's reference.
    static func refusal(of transfer: SlipTransfer, from slip: BankSlip, for charge: Charge, receiver: String) -> SlipRefusal? {
        guard transfer.sendingBank == slip.sendingBank, transfer.transactionReference == slip.transactionReference else {
            return .unknownSlip
        }
        guard transfer.receivers.contains(where: { isVisibly($0, receiver) }) else { return .receiverMismatch }
        if let reference = transfer.reference1, reference != charge.providerReference { return .otherCharge }
        guard transfer.amount == charge.order.amount else { return .amountMismatch }
        // Slips tell whole seconds.
        guard transfer.paidAt.seconds >= charge.createdAt.seconds else { return .tooEarly }
        return nil
    }

    /// Whether a number that is masked with x stands for ours; hyphens and spaces only group it.
    static func isVisibly(_ shown: String, _ own: String) -> Bool {
        let characters = shown.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }
        let digits = Array(own.utf8)
        guard characters.count == digits.count else { return false }
        var visible = 0
        for (character, digit) in zip(characters, digits) where character | 0x20 != UInt8(ascii: "x") && character != UInt8(ascii: "*") {
            guard character == digit else { return false }
            visible += 1
        }
        return visible >= visibleMin
    }
}

/// Why a slip does not pay a charge.
package enum SlipRefusal: String, Error, Sendable, Hashable, CaseIterable {
    /// The text is no slip.
    case unreadable = "slip_unreadable"
    /// Nobody is set up here who could be asked about slips, or about a slip of this kind.
    case notSupported = "slips_not_supported"
    /// The bank knows no such transfer.
    case unknownSlip = "slip_unknown"
    /// Somebody else was paid.
    case receiverMismatch = "slip_receiver_mismatch"
    /// The transfer names another charge.
    case otherCharge = "slip_other_charge"
    /// More or less than the charge's amount was paid.
    case amountMismatch = "slip_amount_mismatch"
    /// The transfer was made before the charge was.
    case tooEarly = "slip_too_early"
    /// The slip has paid another charge.
    case alreadyUsed = "slip_already_used"
}
