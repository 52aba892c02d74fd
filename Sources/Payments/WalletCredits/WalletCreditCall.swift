/// Many credits that are asked for at once.
package struct WalletCreditCall: Sendable, Hashable {
    package let batchID: String
    /// Why the customers get the money; 1 to 500 bytes.
    package let reason: String
    package let asset: Asset
    package let credits: [WalletCredit]

    /// Describes a call.
    package init(batchID: String, reason: String, asset: Asset, credits: [WalletCredit]) {
        self.batchID = batchID
        self.reason = reason
        self.asset = asset
        self.credits = credits
    }

    /// Credits in one call at most.
    package static let creditsMax = 10_000

    /// Bytes that two calls share only when they ask for the same: the texts with a NUL behind each, which no text holds.
    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64 + reason.utf8.count + 64 * credits.count)
        func append(_ text: String) {
            bytes.append(contentsOf: text.utf8)
            bytes.append(0)
        }
        for text in [batchID, reason, asset.code] { append(text) }
        for credit in credits {
            append(credit.reference)
            append(credit.customerID)
            append(credit.amount)
        }
        return bytes
    }

    /// Counts what became of the lines.
    package func summary(_ results: [WalletCreditResult]) -> WalletCreditSummary {
        var summary = WalletCreditSummary(batchID: batchID, reason: reason, amount: .zero(asset))
        var minorUnits: Int128 = 0
        for (credit, result) in zip(credits, results) {
            switch result {
            case .credited: summary.credited += 1
            case .alreadyCredited: summary.alreadyCredited += 1
            case .differentContent: summary.differentContent += 1
            default: summary.refused += 1
            }
            guard result.isCredited, let amount = try? Amount(decimal: credit.amount, asset: asset) else { continue }
            minorUnits += amount.minorUnits
        }
        summary.amount = Amount(minorUnits: minorUnits, asset: asset)
        return summary
    }
}

/// What became of the lines of a call.
package struct WalletCreditSummary: Sendable, Hashable {
    package let batchID: String
    package let reason: String
    package var credited = 0
    package var alreadyCredited = 0
    package var differentContent = 0
    package var refused = 0
    /// What the lines that were credited, now or before, put into wallets.
    package var amount: Amount

    /// Counts nothing yet.
    init(batchID: String, reason: String, amount: Amount) {
        self.batchID = batchID
        self.reason = reason
        self.amount = amount
    }
}
