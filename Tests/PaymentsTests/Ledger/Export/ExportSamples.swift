import Payments
import Testing

/// A small book in many assets, for all formats.
enum ExportSamples {
    static let posted = Timestamp(seconds: 1_795_460_000)  // 2026-11-23T18:53:20Z

    static func account(_ name: String, _ code: String, _ kind: AccountClass = .asset) throws -> LedgerAccount {
        LedgerAccount(name: try #require(AccountName(name)), asset: try #require(Asset(code: code)), kind: kind)
    }

    static func entry(reason: String? = nil, cause: String = "manual:1", _ transfers: [Transfer]) -> ExportedEntry {
        ExportedEntry(
            id: EntryID(value: 0x0193_5a3e_8c00_7000_8000_0000_0000_0001),
            cause: EntryCause(cause),
            kind: .manual,
            chargeID: nil,
            occurredAt: Timestamp(seconds: 1_795_450_000),
            postedAt: posted,
            reason: reason,
            transfers: transfers
        )
    }

    static func transfer(_ minorUnits: Int128, _ code: String) throws -> Transfer {
        let asset = try #require(Asset(code: code))
        return try Transfer(
            debit: account("fees:stripe:\(code)", code, .expense),
            credit: account("bank:main:\(code)", code),
            amount: Amount(minorUnits: minorUnits, asset: asset)
        )
    }

    static func heading(from: Timestamp? = nil, to: Timestamp? = nil, codes: [String] = ["THB"]) throws -> ExportHeading {
        ExportHeading(
            period: try #require(ExportPeriod(from: from, to: to)),
            assets: try codes.map { try #require(Asset(code: $0)) },
            firstPosted: posted,
            lastPosted: posted,
            now: posted
        )
    }

    /// What one function of a format writes.
    static func text<Format: JournalFormat>(
        _ format: Format.Type,
        from: Timestamp? = nil,
        to: Timestamp? = nil,
        codes: [String] = ["THB"],
        _ write: (Format, inout String) throws -> Void
    ) throws -> String {
        var text = ""
        try write(Format(heading(from: from, to: to, codes: codes)), &text)
        return text
    }

    /// Free text that somebody may have meant badly, with names for test output.
    static let hostileTexts = [
        "two lines\nAssets:Bank  1.00 THB", "carriage\rreturn\r\nline", "semicolon; comment", "pipe | note",
        "a, tag:value, date:2026-99-99",
        "\"quoted\"", "back\\slash \\\" end\\", "ค่าธรรมเนียม ๑๒", "مرحبا\u{202E}txt.exe", "\u{2066}bidi\u{2069}\u{200F}",
        "bell\u{07}escape\u{1B}[31m", "\u{85}next\u{2028}line\u{2029}", "=1+1", "+66812345678", "-5", "@here", "\ttab", "\rreturn",
        "'=quoted",
        "＝wide", "[2026-99-99]", "(code) * ! = 5 @ {6}", "#tag ^link", "", "  ", "e\u{301}\u{FEFF}🧾👨‍👩‍👧",
    ]
}
