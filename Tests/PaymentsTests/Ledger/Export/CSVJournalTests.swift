import Payments
import Testing

@Suite("Books as CSV")
struct CSVJournalTests {
    /// Reads RFC 4180 by its grammar.
    private static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = [[""]]
        var scalars = Array(text.unicodeScalars)[...]
        var isQuoted = false
        while let scalar = scalars.popFirst() {
            if isQuoted, scalar == "\"", scalars.first == "\"" {
                scalars.removeFirst()
                rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append("\"")
            } else if scalar == "\"" {
                isQuoted.toggle()
            } else if !isQuoted, scalar == "," {
                rows[rows.count - 1].append("")
            } else if !isQuoted, scalar == "\r", scalars.first == "\n" {
                scalars.removeFirst()
                rows.append([""])
            } else {
                rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
            }
        }
        return rows.dropLast()
    }

    @Test("one row for each transfer, and balances in columns of their own")
    func transfers() throws {
        let transfers = [try ExportSamples.transfer(5, "THB"), try ExportSamples.transfer(25_000_000_000_000_000_001, "ETH")]
        let balance = ExportedBalance(account: try ExportSamples.account("-x:THB", "THB", .income), debitsLessCredits: -24_001)
        let text = try ExportSamples.text(CSVJournal.self, from: ExportSamples.posted) { format, text in
            format.begin(into: &text)
            format.open(balance, into: &text)
            format.append(ExportSamples.entry(transfers), into: &text)
            format.close(balance, into: &text)
        }
        let rows = Self.rows(text)
        #expect(rows.count == 5 && rows.allSatisfy { $0.count == 16 }, "\(text)")
        let table = rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }
        #expect(table.map { $0["record"] } == ["opening_balance", "transfer", "transfer", "closing_balance"])
        #expect(table[2]["amount"] == "25.000000000000000001" && table[2]["asset"] == "ETH" && table[2]["ordinal"] == "1")
        #expect(table[1]["debit_account"] == "fees:stripe:THB" && table[1]["credit_account"] == "bank:main:THB")
        #expect(table[0]["balance"] == "-240.01" && table[0]["account"] == "'-x:THB" && table[0]["amount"] == "")
    }

    @Test("texts come back as they were, and no spreadsheet calculates them", arguments: ExportSamples.hostileTexts)
    func hostile(text hostile: String) throws {
        let entry = ExportSamples.entry(reason: hostile, cause: hostile, [try ExportSamples.transfer(5, "THB")])
        let text = try ExportSamples.text(CSVJournal.self) { $0.append(entry, into: &$1) }
        let rows = Self.rows(text)
        #expect(rows.count == 1 && rows[0].count == 16, "\(text)")
        for cell in [rows[0][6], rows[0][8]] {
            let first = cell.unicodeScalars.first.map(String.init) ?? ""
            #expect(!["=", "+", "-", "@", "\t", "\r", "\n", "＝"].contains(first))
            #expect((first == "'" ? String(cell.unicodeScalars.dropFirst()) : cell) == hostile)
        }
    }
}
