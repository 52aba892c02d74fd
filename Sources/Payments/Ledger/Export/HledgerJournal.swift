/// The books for hledger: `hledger check -s ordereddates` accepts them.
///
/// Debits are positive and credits negative. hledger reads the file as UTF-8 only under a UTF-8 locale.
package struct HledgerJournal: JournalFormat {
    private let heading: ExportHeading

    /// Characters that end a description or a tag's value, or split it.
    private static let meaningful: Set<Unicode.Scalar> = [";", ",", "|"]

    package init(_ heading: ExportHeading) {
        self.heading = heading
    }

    /// A comment, the mark of decimals, and a `commodity` for every asset.
    package func begin(into text: inout String) {
        text += "; TruvaPay ledger, posted from \(heading.period.from?.rfc3339 ?? "the beginning")"
        text += " until before \(heading.period.to?.rfc3339 ?? "the export")\n"
        text += "decimal-mark .\n"
        for asset in heading.assets {
            // The point is there without decimals as well, or hledger refuses to tell it from a mark of thousands.
            text += "commodity 1000.\(String(repeating: "0", count: asset.exponent)) \(HledgerJournal.commodity(asset.code))\n"
        }
        if heading.period.from != nil { text += "account \(JournalAccountName.openingBalances)\n" }
    }

    /// An `account`, with the ledger's own name in a comment.
    package func declare(_ account: LedgerAccount, into text: inout String) {
        text += "account \(JournalAccountName.text(of: account))  ; ledger:\(account.name)\n"
    }

    /// A transaction against `Equity:OpeningBalances`.
    package func open(_ balance: ExportedBalance, into text: inout String) {
        guard balance.amount.minorUnits != 0 else { return }
        text += "\n\(heading.firstDay.iso8601) * opening balance | \(balance.account.name)\n"
        post(JournalAccountName.text(of: balance.account), balance.amount.decimal, balance.amount.asset, into: &text)
        post(JournalAccountName.openingBalances, balance.amount.negatedDecimal, balance.amount.asset, into: &text)
    }

    /// A transaction with two postings for each transfer.
    package func append(_ entry: ExportedEntry, into text: inout String) {
        let note = entry.reason ?? entry.cause.text
        text += "\n\(entry.postedAt.civilDate.iso8601) * (\(entry.id)) \(entry.kind.rawValue) | \(HledgerJournal.line(note))\n"
        text += "    ; cause:\(HledgerJournal.line(entry.cause.text))\n"
        text += "    ; posted:\(entry.postedAt.rfc3339), occurred:\(entry.occurredAt.rfc3339)"
        text += entry.chargeID.map { ", charge:\($0)" } ?? ""
        text += entry.exchangeRate.map { ", rate:\($0)\n" } ?? "\n"
        for transfer in entry.transfers {
            post(JournalAccountName.text(of: transfer.debit), transfer.amount.decimal, transfer.amount.asset, into: &text)
            post(JournalAccountName.text(of: transfer.credit), transfer.amount.negatedDecimal, transfer.amount.asset, into: &text)
        }
    }

    /// A transaction of nothing that asserts the balance.
    package func close(_ balance: ExportedBalance, into text: inout String) {
        let commodity = HledgerJournal.commodity(balance.amount.asset.code)
        text += "\n\(heading.lastDay.iso8601) * balance check | \(balance.account.name)\n"
        // Two equals signs: nothing of another commodity stands there either.
        text += "    \(JournalAccountName.text(of: balance.account))  0 \(commodity) == \(balance.amount.decimal) \(commodity)\n"
    }

    /// Asserts that the opening balances were balanced, and counts.
    package func end(_ counts: ExportCounts, into text: inout String) {
        if heading.period.from != nil {
            // What was carried forward balances by itself, or something was left out.
            for asset in heading.assets {
                let zero = "0 \(HledgerJournal.commodity(asset.code))"
                text += "\n\(heading.lastDay.iso8601) * balance check | opening balances\n"
                text += "    \(JournalAccountName.openingBalances)  \(zero) = \(zero)\n"
            }
        }
        text += "\n; end: \(counts.accounts) accounts, \(counts.entries) entries, \(counts.transfers) transfers\n"
    }

    /// A commodity's name; what is more than letters stands in quotes.
    package static func commodity(_ code: String) -> String {
        code.unicodeScalars.allSatisfy { $0.properties.isAlphabetic } ? code : "\"\(code)\""
    }

    private static func line(_ text: String) -> String {
        ForeignText.line(text, without: meaningful)
    }

    /// Two spaces before the amount: with one, hledger would take it for a part of the account's name.
    private func post(_ account: String, _ decimal: String, _ asset: Asset, into text: inout String) {
        text += "    \(account)  \(decimal) \(HledgerJournal.commodity(asset.code))\n"
    }
}
