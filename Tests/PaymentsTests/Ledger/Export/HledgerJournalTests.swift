import Payments
import Testing

@Suite("Books for hledger")
struct HledgerJournalTests {
    private static func text(from: Timestamp? = nil, _ write: (HledgerJournal, inout String) throws -> Void) throws -> String {
        try ExportSamples.text(HledgerJournal.self, from: from, codes: ["THB", "JPY", "KWD"], write)
    }

    @Test("commodities are declared with exactly their decimals, and with a point in any case")
    func commodities() throws {
        let text = try Self.text { $0.begin(into: &$1) }
        for line in ["commodity 1000. JPY", "commodity 1000.000 KWD", "commodity 1000.00 THB", "decimal-mark ."] {
            #expect(text.contains("\n\(line)\n"), "\(text)")
        }
        #expect(HledgerJournal.commodity("1INCH") == "\"1INCH\"")
    }

    @Test("amounts have the asset's decimals, two spaces before them, and debits are positive")
    func postings() throws {
        let transfers = [
            try ExportSamples.transfer(5, "THB"), try ExportSamples.transfer(1500, "JPY"), try ExportSamples.transfer(1, "KWD"),
            try ExportSamples.transfer(25_000_000_000_000_000_001, "ETH"),
        ]
        let text = try Self.text { $0.append(ExportSamples.entry(transfers), into: &$1) }
        #expect(text.hasPrefix("\n2026-11-23 * (je_"))
        let postings = [
            "    Expenses:Fees:Stripe:THB  0.05 THB", "    Assets:Bank:Main:THB  -0.05 THB", "    Expenses:Fees:Stripe:JPY  1500 JPY",
            "    Assets:Bank:Main:JPY  -1500 JPY", "    Expenses:Fees:Stripe:KWD  0.001 KWD", "    Assets:Bank:Main:KWD  -0.001 KWD",
            "    Expenses:Fees:Stripe:ETH  25.000000000000000001 ETH", "    Assets:Bank:Main:ETH  -25.000000000000000001 ETH",
        ]
        #expect(text.hasSuffix("\n" + postings.joined(separator: "\n") + "\n"), "\(text)")
    }

    @Test("free text stays on its line and means nothing", arguments: ExportSamples.hostileTexts)
    func hostile(text hostile: String) throws {
        let transfers = [try ExportSamples.transfer(5, "THB")]
        let text = try Self.text { $0.append(ExportSamples.entry(reason: hostile, cause: hostile, transfers), into: &$1) }
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        #expect(lines.count == 7 && lines[2].hasPrefix("    ; cause:"), "\(text)")
        let note = lines[1].unicodeScalars.split(separator: "|", omittingEmptySubsequences: false)
        #expect(note.count == 2 && !note[1].contains { $0 == ";" || $0.properties.generalCategory == .control })
        #expect(!lines[2].unicodeScalars.dropFirst(6).contains { $0 == "," || $0 == ";" })
    }

    @Test("a period with a beginning carries balances forward from equity and checks that they balance")
    func openings() throws {
        let balance = ExportedBalance(account: try ExportSamples.account("sales:THB", "THB", .income), debitsLessCredits: -24_001)
        let zero = ExportedBalance(account: balance.account, debitsLessCredits: 0)
        let from = Timestamp(seconds: 1_793_491_200)  // 2026-11-01
        let text = try Self.text(from: from) { format, text in
            format.begin(into: &text)
            format.open(balance, into: &text)
            format.open(zero, into: &text)
            format.close(balance, into: &text)
            format.end(ExportCounts(accounts: 1), into: &text)
        }
        #expect(text.contains("\naccount Equity:OpeningBalances\n"))
        let opening =
            "\n2026-11-01 * opening balance | sales:THB\n    Income:Sales:THB  -240.01 THB\n    Equity:OpeningBalances  240.01 THB\n"
        #expect(text.contains(opening), "\(text)")
        #expect(text.split(separator: "opening balance |").count == 2)
        #expect(text.contains("\n2026-11-23 * balance check | sales:THB\n    Income:Sales:THB  0 THB == -240.01 THB\n"))
        #expect(text.contains("    Equity:OpeningBalances  0 JPY = 0 JPY\n"))
        let whole = try Self.text { format, text in
            format.begin(into: &text)
            format.end(ExportCounts(), into: &text)
        }
        #expect(!whole.contains("OpeningBalances"))
    }
}
