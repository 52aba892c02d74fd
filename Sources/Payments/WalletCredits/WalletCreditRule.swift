/// Decides what a line books, before the ledger is asked.
package struct WalletCreditRule: Sendable {
    private let batchID: String
    private let asset: Asset
    private let reason: String
    private let occurredAt: Timestamp
    private let winnings: LedgerAccount

    /// Lines of a batch whose id was checked.
    package init(batchID: String, asset: Asset, reason: String, occurredAt: Timestamp) {
        self.batchID = batchID
        self.asset = asset
        self.reason = reason
        self.occurredAt = occurredAt
        winnings = ChartOfAccounts.winnings(asset)
    }

    /// Longest reference in bytes; the cause of the entry holds it beside the batch's id.
    package static let referenceBytesMax = 128

    /// Whether a text can name a batch: 1 to 64 of `A-Z a-z 0-9 . _ -`, without a colon, so that a cause is read in one way only.
    package static func isBatchID(_ text: String) -> Bool {
        AccountName.isSegment(text.utf8)
    }

    /// Looks at a line as the ledger will, without making its entry.
    ///
    /// - Throws: `WalletCreditRejection` with the result of a line that books nothing.
    package func check(_ credit: WalletCredit) throws(WalletCreditRejection) {
        _ = try transfer(of: credit)
    }

    /// The entry that books a line: out of the winnings, into the customer's wallet.
    ///
    /// - Throws: `WalletCreditRejection` with the result of a line that books nothing.
    package func entry(for credit: WalletCredit) throws(WalletCreditRejection) -> JournalEntry {
        JournalEntry(
            cause: EntryCause("wallet-credit:\(batchID):\(credit.reference)"),
            kind: .walletCredit,
            try transfer(of: credit),
            chargeID: nil,
            occurredAt: occurredAt,
            reason: reason
        )
    }

    private func transfer(of credit: WalletCredit) throws(WalletCreditRejection) -> Transfer {
        guard WalletCreditRule.isReference(credit.reference) else { throw WalletCreditRejection(.invalidReference) }
        // The eighteen fraction digits of an amount of ether pass a card's check digit now and then, and are none.
        let texts = [credit.reference, credit.customerID, String(credit.amount.prefix { $0 != "." })]
        guard !texts.contains(where: CardNumberRule.isCardNumber) else { throw WalletCreditRejection(.cardNumberRefused) }
        guard let wallet = ChartOfAccounts.wallet(customer: credit.customerID, asset) else {
            throw WalletCreditRejection(.invalidCustomerID)
        }
        guard let amount = try? Amount(decimal: credit.amount, asset: asset),
            let transfer = try? Transfer(debit: winnings, credit: wallet, amount: amount)
        else { throw WalletCreditRejection(.invalidAmount) }
        return transfer
    }

    /// 1 to 128 visible ASCII characters.
    private static func isReference(_ text: String) -> Bool {
        (1...referenceBytesMax).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

/// A line that books nothing, with its result.
package struct WalletCreditRejection: Error, Sendable, Hashable {
    package let result: WalletCreditResult

    init(_ result: WalletCreditResult) {
        self.result = result
    }
}
