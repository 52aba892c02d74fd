import Foundation
import Payments
import PostgreSQL
import StrictJSON
import TestSupport
import Testing

@Suite("Exported books, checked by hledger and beancount", .enabled(if: BookChecker.areAvailable))
struct LedgerExportTests {
    /// The sample book in a database of its own.
    private static func book() async throws -> TestDatabase {
        let database = try await TestDatabase.migrated()
        try await database.withPool { try await SampleBook.write(on: $0) }
        return database
    }

    /// What the real command writes into a file.
    private static func export(_ database: TestDatabase, _ format: String, _ options: [String] = []) async throws -> String {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = folder.path + "/book"
        let child = try ChildProcess(
            Stage.program,
            ["ledger", "export", "--format", format, "--output", file] + options,
            environment: ["DATABASE_URL": database.connectionString, "TRUVAPAY_FILES": Fixture.root]
        )
        let status = try await child.end()
        #expect(status == 0, "\(child.lines)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["book"])
        return try String(contentsOfFile: file, encoding: .utf8)
    }

    /// The lines with the amount of one line moved by one unit of its last digit.
    private static func falsified(_ lines: [String], at index: Int) throws -> String {
        var lines = lines
        let line = lines[index]
        let amount = try #require(line.firstMatch(of: /-?[0-9]+(\.[0-9]+)?(?= (?:~ 0 )?[A-Z]+$)/))
        let digits = amount.output.0.filter { $0 != "." }
        let moved = try String(#require(Int128(digits)) + 1)
        let magnitude = moved.drop { $0 == "-" }
        let decimals = amount.output.1.map { $0.count - 1 } ?? 0
        let padded = String(repeating: "0", count: max(0, decimals + 1 - magnitude.count)) + magnitude
        let text = (moved.hasPrefix("-") ? "-" : "") + padded.dropLast(decimals) + (decimals > 0 ? "." + padded.suffix(decimals) : "")
        #expect(text != amount.output.0)
        lines[index].replaceSubrange(amount.range, with: text)
        return lines.joined(separator: "\n")
    }

    private static func refuses(_ checker: BookChecker, _ book: String, _ reason: Regex<Substring>, _ what: String) async throws {
        let complaint = try await checker.complaint(about: book)
        #expect(complaint?.contains(reason) == true, "\(checker), \(what): \(complaint ?? "accepted")")
    }

    @Test(
        "a book with every kind of movement is accepted, and refused when an amount or a balance is moved by one unit or a name is unknown",
        arguments: BookChecker.allCases
    )
    func whole(checker: BookChecker) async throws {
        let book = try await Self.export(try await Self.book(), checker.rawValue)
        #expect(try await checker.complaint(about: book) == nil)
        #expect(book.contains("แก้ไขยอด ๑๒ บาท"))

        let lines = book.components(separatedBy: "\n")
        for code in ["THB", "JPY", "KWD", "USDT", "BTC", "ETH"] {
            // A posting is indented and no balance; an asserted balance has its sign.
            let postings = lines.indices.filter { lines[$0].hasPrefix("  ") && !lines[$0].contains("=") && lines[$0].hasSuffix(" \(code)") }
            let balances = lines.indices.filter { lines[$0].contains(#/ == -?[0-9]| balance [A-Z]/#) && lines[$0].hasSuffix(" \(code)") }
            for posting in [postings.first, postings.last] {
                try await Self.refuses(checker, try Self.falsified(lines, at: try #require(posting)), /balance/, "posting in \(code)")
            }
            for balance in [balances.first, balances.last] {
                let reason = checker == .hledger ? /assertion/ : /Balance failed/
                try await Self.refuses(checker, try Self.falsified(lines, at: try #require(balance)), reason, "balance in \(code)")
            }
        }
        for declared in ["Assets:Bank:KBANK:THB", "Liabilities:Customer:U-xser-u42-da--b:Wallet:THB"] {
            let others = lines.filter { !$0.hasPrefix("account \(declared) ") && !$0.contains(" open \(declared) ") }
            #expect(others.count == lines.count - 1)
            // In beancount the line below belongs to the declaration that was there.
            let undeclared = others.filter { !$0.hasPrefix("  ledger: ") }.joined(separator: "\n")
            try await Self.refuses(checker, undeclared, /undeclared|unknown account/, "no declaration of \(declared)")
        }
    }

    @Test(
        "a period alone is accepted as well: balances are carried forward into it",
        arguments: BookChecker.allCases,
        [["--from", "2026-11-21", "--to", "2026-11-23"], ["--from", "2026-11-22T00:00:00+07:00"], ["--to", "2026-11-21"]]
    )
    func period(checker: BookChecker, options: [String]) async throws {
        let book = try await Self.export(try await Self.book(), checker.rawValue, options)
        #expect(try await checker.complaint(about: book) == nil)
        #expect(book.contains("opening balance") == options.contains("--from"))
        #expect(book.contains("stripe:pi_1:captured") != options.contains("--from"))
        guard options.contains("--from") else { return }
        // An opening balance that is wrong in both its postings balances by itself, and is noticed all the same.
        var lines = book.components(separatedBy: "\n")
        let title = try #require(lines.firstIndex { $0.contains("opening balance") && $0.contains("provider:stripe:clearing:THB") })
        for index in [title + 1, title + 2] { lines[index] = lines[index].replacing(/[0-9]+\./) { _ in "5." } }
        #expect(try await checker.complaint(about: lines.joined(separator: "\n")) != nil)
    }

    @Test(
        "a balance that the books keep wrongly is noticed, for it is what the export says and not a sum of it",
        arguments: BookChecker.allCases,
        [[], ["--from", "2026-11-21", "--to", "2026-11-23"]]
    )
    func keptBalance(checker: BookChecker, options: [String]) async throws {
        let database = try await Self.book()
        try await database.withPool(setup: []) { pool in
            _ = try await pool.withSession { session in
                try await session.executeScript(
                    """
                    ALTER TABLE ledger_balances DISABLE TRIGGER ALL;
                    UPDATE ledger_balances SET debits_posted = debits_posted + 1
                    WHERE account_id = (SELECT id FROM ledger_accounts WHERE name = 'crypto:hot:ETH')
                    """
                )
            }
        }
        let complaint = try await checker.complaint(about: try await Self.export(database, checker.rawValue, options))
        #expect(complaint?.contains("Assets:Crypto:Hot:ETH") == true, "\(complaint ?? "accepted")")
    }

    @Test("what people write about an entry is text for both checkers", arguments: BookChecker.allCases)
    func reasons(checker: BookChecker) async throws {
        let texts = [
            "a\n    Assets:X  1 THB", "; c", "| p", "a,date:2026-99-99", "[2026-99-99]", "\"q\" \\", "ไทย", "\u{202E}مرحبا",
            "\u{1B}[1m\u{85}", "",
        ]
        let now = SampleBook.firstNoon
        let asset = ChartOfAccounts.clearing(.promptPay, .thb)
        let liability = ChartOfAccounts.ordersPayable(.thb)
        let period = try #require(ExportPeriod(from: nil, to: nil))
        let heading = ExportHeading(period: period, assets: [.thb], firstPosted: now, lastPosted: now, now: now)
        let format: any JournalFormat = checker == .hledger ? HledgerJournal(heading) : BeancountJournal(heading)
        var book = ""
        format.begin(into: &book)
        for account in [asset, liability] { format.declare(account, into: &book) }
        for (number, text) in texts.enumerated() {
            let entry = ExportedEntry(
                id: EntryID(value: UInt128(number)),
                cause: EntryCause(text),
                kind: .manual,
                chargeID: nil,
                occurredAt: now,
                postedAt: now,
                reason: text,
                transfers: [try Transfer(debit: asset, credit: liability, amount: Amount(minorUnits: 1, asset: .thb))]
            )
            format.append(entry, into: &book)
        }
        format.close(ExportedBalance(account: asset, debitsLessCredits: Int128(texts.count)), into: &book)
        format.end(ExportCounts(), into: &book)
        #expect(try await checker.complaint(about: book) == nil, "\(book)")
    }

    @Test("JSON and CSV hold every transfer, and every balance follows from them")
    func data() async throws {
        let database = try await Self.book()
        let objects = try await Self.export(database, "json").split(separator: "\n").map { try JSONValue.parse(Array($0.utf8)) }
        #expect(objects.first?["record"]?.string == "header" && objects.last?["record"]?.string == "end")
        let entries = objects.filter { $0["record"]?.string == "entry" }
        #expect(objects.last?["entries"]?.int64 == Int64(entries.count) && entries.count > 25)
        var sums: [String: Int128] = [:]
        for transfer in entries.flatMap({ $0["transfers"]?.array ?? [] }) {
            let asset = try #require(Asset(code: transfer["asset"]?.string ?? ""))
            let amount = try Amount(decimal: transfer["amount"]?.string ?? "", asset: asset)
            sums[transfer["debit_account"]?.string ?? "", default: 0] += amount.minorUnits
            sums[transfer["credit_account"]?.string ?? "", default: 0] -= amount.minorUnits
        }
        let balances = objects.filter { $0["record"]?.string == "closing_balance" }
        #expect(balances.count == sums.count)
        for balance in balances {
            let asset = try #require(Asset(code: balance["asset"]?.string ?? ""))
            let sum = Amount(minorUnits: sums[balance["account"]?.string ?? ""] ?? 0, asset: asset)
            #expect(sum.decimal == balance["balance"]?.string, "\(balance.text)")
        }
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = folder.path + "/book.csv"
        try Data(try await Self.export(database, "csv").utf8).write(to: URL(fileURLWithPath: file))
        let rows = try await PythonEnvironment.run(try PythonEnvironment.script("ledger_csv"), arguments: [file])
        let transfers = entries.reduce(0) { $0 + ($1["transfers"]?.array?.count ?? 0) }
        #expect(rows.lines == ["transfers \(transfers), accounts \(balances.count)"])
    }

    @Test("a period that is none, a time that is none and a file that cannot be are refused, and nothing is left behind")
    func refusals() async throws {
        let database = try await TestDatabase.migrated()
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let cases: [([String], Int32)] = [
            (["--format", "json", "--from", "2026-11-02", "--to", "2026-11-02"], 2), (["--format", "json", "--from", "yesterday"], 2),
            (["--format", "xml"], 2), ([], 2), (["--format", "json", "--output", folder.path + "/absent/book"], 1),
        ]
        for (options, status) in cases {
            let child = try ChildProcess(
                Stage.program,
                ["ledger", "export"] + options,
                environment: ["DATABASE_URL": database.connectionString, "TRUVAPAY_FILES": Fixture.root]
            )
            #expect(try await child.end() == status, "\(options)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
