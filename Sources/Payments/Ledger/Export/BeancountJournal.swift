/// The books for beancount: `bean-check` accepts them.
///
/// Debits are positive and credits negative. A `balance` is checked when its day begins, so it bears the day after the last; its tolerance
/// is written out, because without it beancount forgives a difference of one unit of the last decimal. Beancount counts in 28 digits:
/// a balance of ten thousand million ETH and more, with its 18 decimals, is rounded there.
package struct BeancountJournal: JournalFormat {
    private let heading: ExportHeading

    package init(_ heading: ExportHeading) {
        self.heading = heading
    }

    /// A comment, the title, and a `commodity` for every asset.
    package func begin(into text: inout String) {
        text += "; TruvaPay ledger, posted from \(heading.period.from?.rfc3339 ?? "the beginning")"
        text += " until before \(heading.period.to?.rfc3339 ?? "the export")\n"
        text += "option \"title\" \"TruvaPay ledger\"\n"
        let day = heading.firstDay.iso8601
        for asset in heading.assets { text += "\(day) commodity \(asset.code)\n" }
        if heading.period.from != nil { text += "\(day) open \(JournalAccountName.openingBalances)\n" }
    }

    /// An `open` in the account's only currency, with the ledger's own name beside it.
    package func declare(_ account: LedgerAccount, into text: inout String) {
        text += "\(heading.firstDay.iso8601) open \(JournalAccountName.text(of: account)) \(account.asset.code)\n"
        text += "  ledger: \"\(account.name)\"\n"
    }

    /// A transaction against `Equity:OpeningBalances`.
    package func open(_ balance: ExportedBalance, into text: inout String) {
        guard balance.amount.minorUnits != 0 else { return }
        text += "\n\(heading.firstDay.iso8601) * \"opening balance\" \"\(balance.account.name)\"\n"
        post(JournalAccountName.text(of: balance.account), balance.amount.decimal, balance.amount.asset, into: &text)
        post(JournalAccountName.openingBalances, balance.amount.negatedDecimal, balance.amount.asset, into: &text)
    }

    /// A transaction with two postings for each transfer.
    package func append(_ entry: ExportedEntry, into text: inout String) {
        text += "\n\(entry.postedAt.civilDate.iso8601) * \"\(entry.kind.rawValue)\""
        text += " \(BeancountJournal.quoted(entry.reason ?? entry.cause.text))\n"
        text += "  entry: \"\(entry.id)\"\n  cause: \(BeancountJournal.quoted(entry.cause.text))\n"
        if let chargeID = entry.chargeID { text += "  charge: \"\(chargeID)\"\n" }
        if let rate = entry.exchangeRate { text += "  rate: \"\(rate)\"\n" }
        text += "  posted: \"\(entry.postedAt.rfc3339)\"\n  occurred: \"\(entry.occurredAt.rfc3339)\"\n"
        for transfer in entry.transfers {
            post(JournalAccountName.text(of: transfer.debit), transfer.amount.decimal, transfer.amount.asset, into: &text)
            post(JournalAccountName.text(of: transfer.credit), transfer.amount.negatedDecimal, transfer.amount.asset, into: &text)
        }
    }

    /// A `balance` with a tolerance of zero.
    package func close(_ balance: ExportedBalance, into text: inout String) {
        check(JournalAccountName.text(of: balance.account), balance.amount, into: &text)
    }

    /// Checks that the opening balances were balanced, and counts.
    package func end(_ counts: ExportCounts, into text: inout String) {
        if heading.period.from != nil {
            // What was carried forward balances by itself, or something was left out.
            for asset in heading.assets { check(JournalAccountName.openingBalances, .zero(asset), into: &text) }
        }
        text += "; end: \(counts.accounts) accounts, \(counts.entries) entries, \(counts.transfers) transfers\n"
    }

    private func check(_ account: String, _ amount: Amount, into text: inout String) {
        text += "\(heading.lastDay.advanced(byDays: 1).iso8601) balance \(account)  \(amount.decimal) ~ 0 \(amount.asset.code)\n"
    }

    private func post(_ account: String, _ decimal: String, _ asset: Asset, into text: inout String) {
        text += "  \(account)  \(decimal) \(asset.code)\n"
    }

    private static func quoted(_ text: String) -> String {
        ForeignText.quoted(ForeignText.line(text)) { scalar in
            scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : nil
        }
    }
}
