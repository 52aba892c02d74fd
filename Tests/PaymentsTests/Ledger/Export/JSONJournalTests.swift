import Foundation
import Payments
import Testing

@Suite("Books as JSON lines")
struct JSONJournalTests {
    private static func objects(_ text: String) throws -> [NSDictionary] {
        try text.utf8.split(separator: UInt8(ascii: "\n")).map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line)) as? NSDictionary)
        }
    }

    @Test("each line is an object that tells what it is")
    func lines() throws {
        let account = try ExportSamples.account("sales:THB", "THB", .income)
        let balance = ExportedBalance(account: account, debitsLessCredits: -24_001)
        let text = try ExportSamples.text(JSONJournal.self, from: ExportSamples.posted, codes: ["THB", "JPY"]) { format, text in
            format.begin(into: &text)
            format.declare(account, into: &text)
            format.open(balance, into: &text)
            format.append(ExportSamples.entry([try ExportSamples.transfer(1500, "JPY")]), into: &text)
            format.close(balance, into: &text)
            format.end(ExportCounts(accounts: 1, entries: 1, transfers: 1), into: &text)
        }
        let objects = try Self.objects(text)
        let records = objects.map { $0["record"] as? String }
        #expect(records == ["header", "account", "opening_balance", "entry", "closing_balance", "end"])
        #expect(objects[0]["from"] as? String == "2026-11-23T18:53:20.000000Z" && objects[0]["to"] is NSNull)
        #expect(objects[4]["balance"] as? String == "-240.01" && objects[5]["transfers"] as? Int == 1)
        let transfer = try #require((objects[3]["transfers"] as? [[String: String]])?.first)
        #expect(transfer == ["debit_account": "fees:stripe:JPY", "credit_account": "bank:main:JPY", "asset": "JPY", "amount": "1500"])
    }

    @Test("texts come back exactly, on one line for every reader", arguments: ExportSamples.hostileTexts)
    func hostile(text hostile: String) throws {
        let entry = ExportSamples.entry(reason: hostile, cause: hostile, [try ExportSamples.transfer(5, "THB")])
        let text = try ExportSamples.text(JSONJournal.self) { $0.append(entry, into: &$1) }
        let object = try #require(try Self.objects(text).first)
        #expect((object["reason"] as? String)?.unicodeScalars.elementsEqual(hostile.unicodeScalars) == true)
        #expect((object["cause"] as? String)?.unicodeScalars.elementsEqual(hostile.unicodeScalars) == true)
        let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{1B}", "\u{202E}"]
        #expect(text.unicodeScalars.filter { breaks.contains($0) }.count == 1)
    }
}
