/// The books as comma-separated values (RFC 4180), one row for each transfer.
///
/// `record` is `transfer`, `opening_balance` or `closing_balance`. Balances have columns of their own, so that a sum over `amount` is one
/// over transfers. Amounts are decimal numbers; balances are debits less credits. In cells of text a first character that a spreadsheet
/// would take for the start of a formula has an apostrophe before it; so has a first apostrophe, so that this can be undone.
package struct CSVJournal: JournalFormat {
    private let heading: ExportHeading

    private static let columns =
        "record,entry_id,ordinal,posted_at,occurred_at,kind,cause,charge_id,reason,"
        + "debit_account,credit_account,asset,amount,account,balance,exchange_rate"

    package init(_ heading: ExportHeading) {
        self.heading = heading
    }

    /// The names of the columns.
    package func begin(into text: inout String) {
        text += CSVJournal.columns + "\r\n"
    }

    /// Nothing: every account has a closing balance.
    package func declare(_ account: LedgerAccount, into text: inout String) {}

    /// A row `opening_balance`.
    package func open(_ balance: ExportedBalance, into text: inout String) {
        guard balance.amount.minorUnits != 0 else { return }
        append("opening_balance", balance, at: heading.period.from, into: &text)
    }

    /// A row for each transfer.
    package func append(_ entry: ExportedEntry, into text: inout String) {
        for (ordinal, transfer) in entry.transfers.enumerated() {
            text += "transfer,\(entry.id),\(ordinal),\(entry.postedAt.rfc3339),\(entry.occurredAt.rfc3339),\(entry.kind.rawValue),"
            text += "\(CSVJournal.cell(entry.cause.text)),\(entry.chargeID?.description ?? ""),\(CSVJournal.cell(entry.reason ?? "")),"
            text += "\(CSVJournal.cell(transfer.debit.name.text)),\(CSVJournal.cell(transfer.credit.name.text)),"
            text += "\(transfer.amount.asset.code),\(transfer.amount.decimal),,,\(entry.exchangeRate?.description ?? "")\r\n"
        }
    }

    /// A row `closing_balance`.
    package func close(_ balance: ExportedBalance, into text: inout String) {
        append("closing_balance", balance, at: heading.period.to, into: &text)
    }

    /// Nothing: a row of counts would be in the way of sums.
    package func end(_ counts: ExportCounts, into text: inout String) {}

    private func append(_ record: String, _ balance: ExportedBalance, at instant: Timestamp?, into text: inout String) {
        text += "\(record),,,\(instant?.rfc3339 ?? ""),,,,,,,,\(balance.amount.asset.code),,"
        text += "\(CSVJournal.cell(balance.account.name.text)),\(balance.amount.decimal),\r\n"
    }

    /// A cell of text.
    static func cell(_ text: String) -> String {
        let guarded = startsFormula(text) ? "'" + text : text
        let needsQuotes = guarded.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0D, 0x0A].contains($0) }
        return needsQuotes ? ForeignText.quoted(guarded) { $0 == "\"" ? "\"\"" : nil } : guarded
    }

    /// Whether a spreadsheet would calculate the text, or an apostrophe of the text's own be taken for ours; the wide forms count in
    /// spreadsheets set to Japanese (OWASP, "CSV Injection").
    private static func startsFormula(_ text: String) -> Bool {
        switch text.unicodeScalars.first {
        case "=", "+", "-", "@", "\t", "\r", "\n", "'", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
        default: false
        }
    }
}
