/// A balanced set of transfers that follow from one cause and are written together or not at all.
package struct JournalEntry: Sendable, Hashable {
    /// Why the entry exists; the ledger holds at most one entry for a cause.
    package let cause: EntryCause
    /// What kind of business event it books.
    package let kind: EntryKind
    /// Whether the money has moved, or is reserved until somebody decides.
    package let phase: Phase
    /// The movements, at least one.
    package let transfers: [Transfer]
    /// The charge it belongs to, if any.
    package let chargeID: ChargeID?
    /// When the money moved in the world, as told by the provider.
    package let occurredAt: Timestamp
    /// What people wrote about it, if anything; at most 500 bytes.
    package let reason: String?
    /// For a conversion, the price at which one asset became the other.
    package let exchangeRate: ExchangeRate?

    /// Whether an entry moves money at once.
    package enum Phase: Sendable, Hashable {
        /// The money has moved.
        case posted
        /// The money is reserved: to be posted, voided, or expired by itself at a time.
        case pending(expiresAt: Timestamp?)
    }

    /// Makes an entry of one transfer and more.
    package init(
        cause: EntryCause,
        kind: EntryKind,
        phase: Phase = .posted,
        _ first: Transfer,
        _ rest: [Transfer] = [],
        chargeID: ChargeID?,
        occurredAt: Timestamp,
        reason: String? = nil,
        exchangeRate: ExchangeRate? = nil
    ) {
        self.cause = cause
        self.kind = kind
        self.phase = phase
        transfers = [first] + rest
        self.chargeID = chargeID
        self.occurredAt = occurredAt
        self.reason = reason
        self.exchangeRate = exchangeRate
    }
}

/// The identity of what an entry books, for example `stripe:pi_123:captured`.
///
/// Two events that tell the same fact have the same cause, so the second books nothing.
package struct EntryCause: Sendable, Hashable, CustomStringConvertible {
    /// The text that is unique over all entries; at most 300 bytes.
    package let text: String

    /// Wraps a cause.
    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }
}

/// What an entry books.
package enum EntryKind: String, Sendable, Hashable, CaseIterable {
    /// A payment that reached its charge.
    case capture
    /// A payment without a home.
    case suspense
    /// Written by hand or by an import.
    case manual
    /// Winnings and other credits to a customer's wallet.
    case walletCredit = "wallet_credit"
    /// One asset became another.
    case exchange
    /// Money set aside until it is captured, paid out or released.
    case reservation
    /// Money that went back to a customer.
    case refund
    /// The customer's bank sent a refund back.
    case refundFailure = "refund_failure"
    /// Disputed money that the provider took, with its fee.
    case dispute
    /// Disputed money that the provider gave back.
    case disputeReversal = "dispute_reversal"
    /// Disputed money written off, or found again when the loss was reversed.
    case disputeLoss = "dispute_loss"
    /// What a provider kept.
    case fee
    /// A provider's payment to our bank.
    case settlement
    /// Our bank sent a settlement back.
    case settlementFailure = "settlement_failure"
    /// Money that left a customer's wallet on its way to the customer.
    case withdrawal
    /// A withdrawal that its receiver has got.
    case payout
    /// A withdrawal that came to nothing, or came back.
    case withdrawalReturn = "withdrawal_return"
    /// What had gone back before its payment was known moves to where the payment is.
    case reassignment
}
