/// The books as JSON, one object on each line, so that a reader needs no more memory than the writer.
///
/// `record` tells what a line is: one `header`, then `account`, `opening_balance`, `entry`, `closing_balance`, and one `end` with the
/// counts, without which the file is cut off. Amounts are decimal strings with the asset's digits; balances are debits less credits.
/// Texts are exact.
package struct JSONJournal: JournalFormat {
    private let heading: ExportHeading

    package init(_ heading: ExportHeading) {
        self.heading = heading
    }

    /// The line `header`.
    package func begin(into text: inout String) {
        let assets = heading.assets.map { "{\"code\":\"\($0.code)\",\"exponent\":\($0.exponent)}" }.joined(separator: ",")
        text += "{\"record\":\"header\",\"format\":\"truvapay-ledger\",\"version\":1,\"from\":\(JSONJournal.instant(heading.period.from)),"
        text += "\"to\":\(JSONJournal.instant(heading.period.to)),\"assets\":[\(assets)]}\n"
    }

    /// A line `account`.
    package func declare(_ account: LedgerAccount, into text: inout String) {
        text += "{\"record\":\"account\",\"name\":\"\(account.name)\",\"asset\":\"\(account.asset.code)\","
        text += "\"class\":\"\(account.kind.rawValue)\",\"rule\":\"\(account.rule.rawValue)\"}\n"
    }

    /// A line `opening_balance`.
    package func open(_ balance: ExportedBalance, into text: inout String) {
        guard balance.amount.minorUnits != 0 else { return }
        append("opening_balance", balance, into: &text)
    }

    /// A line `entry` with its transfers.
    package func append(_ entry: ExportedEntry, into text: inout String) {
        text += "{\"record\":\"entry\",\"id\":\"\(entry.id)\",\"cause\":\(JSONJournal.quoted(entry.cause.text)),"
        text += "\"kind\":\"\(entry.kind.rawValue)\",\"charge_id\":\(entry.chargeID.map { "\"\($0)\"" } ?? "null"),"
        text += "\"occurred_at\":\"\(entry.occurredAt.rfc3339)\",\"posted_at\":\"\(entry.postedAt.rfc3339)\","
        text += "\"reason\":\(entry.reason.map(JSONJournal.quoted) ?? "null"),"
        text += "\"exchange_rate\":\(entry.exchangeRate.map { "\"\($0)\"" } ?? "null"),\"transfers\":["
        for (ordinal, transfer) in entry.transfers.enumerated() {
            text += ordinal == 0 ? "{" : ",{"
            text += "\"debit_account\":\"\(transfer.debit.name)\",\"credit_account\":\"\(transfer.credit.name)\","
            text += "\"asset\":\"\(transfer.amount.asset.code)\",\"amount\":\"\(transfer.amount.decimal)\"}"
        }
        text += "]}\n"
    }

    /// A line `closing_balance`.
    package func close(_ balance: ExportedBalance, into text: inout String) {
        append("closing_balance", balance, into: &text)
    }

    /// The line `end` with the counts.
    package func end(_ counts: ExportCounts, into text: inout String) {
        text += "{\"record\":\"end\",\"accounts\":\(counts.accounts),\"entries\":\(counts.entries),\"transfers\":\(counts.transfers)}\n"
    }

    private func append(_ record: String, _ balance: ExportedBalance, into text: inout String) {
        text += "{\"record\":\"\(record)\",\"account\":\"\(balance.account.name)\",\"asset\":\"\(balance.amount.asset.code)\","
        text += "\"balance\":\"\(balance.amount.decimal)\"}\n"
    }

    private static func instant(_ instant: Timestamp?) -> String {
        instant.map { "\"\($0.rfc3339)\"" } ?? "null"
    }

    /// A JSON string (RFC 8259, section 7); what ends a line for some readers, or turns the direction of writing, is escaped as well.
    private static func quoted(_ text: String) -> String {
        ForeignText.quoted(text) { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case _ where ForeignText.isUnprintable(scalar):
                "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).utf8.count) + String(scalar.value, radix: 16)
            default: nil
            }
        }
    }
}
