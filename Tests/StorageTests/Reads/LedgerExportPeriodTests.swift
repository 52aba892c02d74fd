import Payments
import PostgreSQL
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("The export of a period")
struct LedgerExportPeriodTests {
    /// Writes a line for each thing that is told.
    private struct Lines: JournalFormat {
        init(_ heading: ExportHeading) {}
        func begin(into text: inout String) {}
        func declare(_ account: LedgerAccount, into text: inout String) {}
        func open(_ balance: ExportedBalance, into text: inout String) { write("open", balance.account, balance.amount, into: &text) }
        func close(_ balance: ExportedBalance, into text: inout String) { write("close", balance.account, balance.amount, into: &text) }
        func end(_ counts: ExportCounts, into text: inout String) {}

        func append(_ entry: ExportedEntry, into text: inout String) {
            for transfer in entry.transfers {
                write("move", transfer.debit, transfer.amount, into: &text)
                write("move", transfer.credit, Amount(minorUnits: -transfer.amount.minorUnits, asset: transfer.amount.asset), into: &text)
            }
        }

        private func write(_ verb: String, _ account: LedgerAccount, _ amount: Amount, into text: inout String) {
            text += "\(verb) \(account.name.text) \(amount.minorUnits)\n"
        }
    }

    /// What was posted when.
    private struct Movement {
        let postedAt: Timestamp
        let account: String
        let minorUnits: Int128
    }

    private static let accounts = [
        SampleBook.clearing, SampleBook.payable, ChartOfAccounts.winnings(.thb), ChartOfAccounts.suspense(.promptPay, .thb),
    ]

    /// Posts batches whose clocks differ by up to half an hour, so that later commits often carry earlier times.
    private static func write(_ pool: ConnectionPool, _ random: inout SeededRandom) async throws -> [Movement] {
        let ledger = Ledger(pool: pool)
        var movements: [Movement] = []
        for batch in 0..<40 {
            let now = SampleBook.begin.advanced(by: .seconds(batch * 240 + Int.random(in: -900...900, using: &random)))
            let requests = try (0..<Int.random(in: 1...5, using: &random)).map { index in
                let pair = accounts.shuffled(using: &random)
                let minorUnits = Int128.random(in: 1...1000, using: &random)
                let phase: JournalEntry.Phase = Int.random(in: 0..<4, using: &random) == 0 ? .pending(expiresAt: nil) : .posted
                if phase == .posted {
                    movements.append(Movement(postedAt: now, account: pair[0].name.text, minorUnits: minorUnits))
                    movements.append(Movement(postedAt: now, account: pair[1].name.text, minorUnits: -minorUnits))
                }
                return try SampleBook.entry("\(batch) \(index)", pair[0], pair[1], minorUnits, phase: phase, at: now)
            }
            #expect(try await ledger.post(requests, at: now).allSatisfy { $0 == .created })
        }
        return movements
    }

    private static func sums(_ movements: some Sequence<Movement>) -> [String: Int128] {
        var sums: [String: Int128] = [:]
        for movement in movements { sums[movement.account, default: 0] += movement.minorUnits }
        return sums.filter { $0.value != 0 }
    }

    private static func export(_ period: ExportPeriod, _ pool: ConnectionPool) async throws -> [String: [String: Int128]] {
        let written = Mutex("")
        _ = try await LedgerExport.write(Lines.self, period, now: SampleBook.begin, on: pool) { text in written.withLock { $0 += text } }
        var sums: [String: [String: Int128]] = [:]
        for line in written.withLock({ $0 }).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            sums[words[0], default: [:]][words[1], default: 0] += try #require(Int128(words[2]))
        }
        return sums.mapValues { $0.filter { $0.value != 0 } }
    }

    @Test("opens and ends with exactly what was posted before its bounds, however late an entry was written")
    func bounds() async throws {
        try await TestDatabase.migrated().withPool { pool in
            var random = SeededRandom.printed("export of a period")
            let movements = try await Self.write(pool, &random)
            var instants: [Timestamp?] = [nil]
            for movement in movements { instants += [movement.postedAt, movement.postedAt.advanced(by: .microseconds(1))] }
            for _ in 0..<40 {
                let bounds = (instants.randomElement(using: &random) ?? nil, instants.randomElement(using: &random) ?? nil)
                guard let period = ExportPeriod(from: bounds.0, to: bounds.1) else { continue }
                let told = try await Self.export(period, pool)
                let before = movements.filter { movement in period.from.map { movement.postedAt < $0 } ?? false }
                let until = movements.filter { movement in period.to.map { movement.postedAt < $0 } ?? true }
                let inside = until.filter { movement in period.from.map { movement.postedAt >= $0 } ?? true }
                #expect(told["open"] ?? [:] == Self.sums(before), "\(period)")
                #expect(told["close"] ?? [:] == Self.sums(until), "\(period)")
                #expect(told["move"] ?? [:] == Self.sums(inside), "\(period)")
            }
        }
    }

    @Test("finds the entries of a period, and the balances at its ends, by indexes")
    func plans() async throws {
        try await TestDatabase.migrated().withPool(setup: []) { pool in
            let plan = try await pool.withSession { session in
                let results = try await session.executeScript(
                    """
                    SET enable_seqscan = off;
                    EXPLAIN SELECT id FROM journal_entries WHERE posted_at >= '2026-01-01Z' AND posted_at < '2026-01-02Z'
                    """
                )
                return try results.last.map { try $0.rows.map { try $0.text(0) }.joined(separator: "\n") } ?? ""
            }
            #expect(plan.contains("journal_entries_posted"), "\(plan)")
        }
    }
}
