import Payments
import Testing

@Suite("Books for beancount")
struct BeancountJournalTests {
    @Test("every asset we know is a currency that beancount knows, too")
    func currencies() {
        for code in Asset.knownCodes {
            #expect(code.count <= 24 && code.first?.isLetter == true && code.allSatisfy { $0.isASCII && $0.isUppercase })
        }
    }

    @Test("a balance is checked at the start of the day after, with a tolerance of nothing")
    func balances() throws {
        let balance = ExportedBalance(account: try ExportSamples.account("sales:THB", "THB", .income), debitsLessCredits: -24_001)
        let text = try ExportSamples.text(BeancountJournal.self) { $0.close(balance, into: &$1) }
        #expect(text == "2026-11-24 balance Income:Sales:THB  -240.01 ~ 0 THB\n")
        let to = Timestamp(seconds: 1_795_910_400)  // 2026-11-29
        let bounded = try ExportSamples.text(BeancountJournal.self, to: to) { $0.close(balance, into: &$1) }
        #expect(bounded == "2026-11-29 balance Income:Sales:THB  -240.01 ~ 0 THB\n")
    }

    @Test("accounts are open, in their currency, from the first day")
    func accounts() throws {
        let account = try ExportSamples.account("bank:main:JPY", "JPY")
        let text = try ExportSamples.text(BeancountJournal.self, codes: ["JPY"]) { format, text in
            format.begin(into: &text)
            format.declare(account, into: &text)
        }
        #expect(
            text.hasSuffix("2026-11-23 commodity JPY\n2026-11-23 open Assets:Bank:Main:JPY JPY\n  ledger: \"bank:main:JPY\"\n"),
            "\(text)"
        )
    }

    @Test("free text stays in its quotes", arguments: ExportSamples.hostileTexts)
    func hostile(text hostile: String) throws {
        let transfers = [try ExportSamples.transfer(1500, "JPY")]
        let text = try ExportSamples.text(BeancountJournal.self) { format, text in
            format.append(ExportSamples.entry(reason: hostile, cause: hostile, transfers), into: &text)
        }
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        #expect(lines.count == 9 && lines[7] == "  Assets:Bank:Main:JPY  -1500 JPY", "\(text)")
        for line in lines.prefix(4) {
            // Without the escaped characters there is an even number of quotes, and the last is the end.
            var quotes = 0
            var isEscaped = false
            for scalar in line.unicodeScalars {
                if scalar == "\"", !isEscaped { quotes += 1 }
                isEscaped = scalar == "\\" && !isEscaped
            }
            #expect(quotes.isMultiple(of: 2) && !isEscaped, "\(line)")
        }
    }
}
