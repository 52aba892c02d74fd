import Payments
import PostgreSQL
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("The history of the books")
struct HistoryTests {
    private static let start = Timestamp(seconds: 1_795_460_000)
    private static let clearing = ChartOfAccounts.clearing(.promptPay, .thb)
    private static let payable = ChartOfAccounts.ordersPayable(.thb)

    private static func accounts() throws -> [LedgerAccount] {
        try [clearing, payable, ChartOfAccounts.winnings(.thb)]
            + (0..<3).map { try #require(ChartOfAccounts.wallet(customer: "c\($0)", .thb)) }
    }

    /// A random batch: entries of up to three transfers, pending ones, and ends of pending ones.
    private static func batch(
        _ number: Int,
        _ open: inout [(cause: EntryCause, transfers: [Transfer])],
        at now: Timestamp,
        random: inout SeededRandom
    ) throws -> [PostingRequest] {
        let accounts = try accounts()
        return try (0..<Int.random(in: 1...9, using: &random)).map { index in
            let id = EntryID(at: now, random: &random)
            let cause = EntryCause("\(number)-\(index)")
            if !open.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
                let pending = open.remove(at: Int.random(in: 0..<open.count, using: &random))
                let outcomes: [PendingResolution.Outcome] = [
                    .post, .void, .postPart(pending.transfers.map { $0.amount.minorUnits / 2 + 1 }),
                ]
                let outcome = outcomes[Int.random(in: 0..<3, using: &random)]
                return PostingRequest(
                    id,
                    PendingResolution(cause: cause, kind: .reservation, pending: pending.cause, outcome: outcome, occurredAt: now)
                )
            }
            let transfers = try (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let pair = accounts.shuffled(using: &random)
                let amount = Amount(minorUnits: Int128.random(in: 2...500, using: &random), asset: .thb)
                return try Transfer(debit: pair[0], credit: pair[1], amount: amount)
            }
            let isPending = Int.random(in: 0..<4, using: &random) == 0
            if isPending { open.append((cause, transfers)) }
            let entry = JournalEntry(
                cause: cause,
                kind: isPending ? .reservation : .manual,
                phase: isPending ? .pending(expiresAt: nil) : .posted,
                transfers[0],
                Array(transfers.dropFirst()),
                chargeID: nil,
                occurredAt: now
            )
            return PostingRequest(id, entry)
        }
    }

    /// Books at random, by a clock that also goes back now and then.
    private static func randomBook(_ pool: ConnectionPool, batches: Int, random: inout SeededRandom) async throws -> ModelBook {
        let ledger = Ledger(pool: pool)
        var model = ModelBook()
        var open: [(cause: EntryCause, transfers: [Transfer])] = []
        var now = start
        for number in 0..<batches {
            now = now.advanced(by: .milliseconds(Int.random(in: -400...1000, using: &random)))
            let requests = try batch(number, &open, at: now, random: &random)
            let results = try await ledger.post(requests, at: now)
            model.book(zip(requests, results).filter { $0.1 == .created }.map(\.0), at: now)
        }
        return model
    }

    private static func pages(of account: AccountName, limit: Int, _ range: HistoryRange, _ pool: ConnectionPool) async throws
        -> [AccountEntry]
    {
        var range = range
        var all: [AccountEntry] = []
        while true {
            let page = try #require(try await AccountHistory.entries(of: account, in: range, limit: limit, on: pool))
            all += page
            guard page.count == limit, let last = page.last else { return all }
            range.before = last.position
        }
    }

    private static func line(_ entry: AccountEntry) -> ModelBook.Line {
        ModelBook.Line(
            id: entry.id,
            debits: entry.debits.minorUnits,
            credits: entry.credits.minorUnits,
            after: entry.standing.sides,
            postedAt: entry.postedAt
        )
    }

    @Test("a random book reads back as a plain model of it: balances at any time, entries with running balance, paged by any size")
    func randomBook() async throws {
        try await TestDatabase.migrated().withPool { pool in
            var random = SeededRandom.printed("history")
            let model = try await Self.randomBook(pool, batches: 120, random: &random)
            #expect(model.lines.values.map(\.count).reduce(0, +) > 500)
            for account in try Self.accounts() {
                let expected = Array((model.lines[account.name] ?? []).reversed())
                for limit in [1, 2, 7, 50, 1000] where limit > 1 || expected.count < 300 {
                    #expect(try await Self.pages(of: account.name, limit: limit, HistoryRange(), pool).map(Self.line) == expected)
                }
                let times = [Self.start.advanced(by: .seconds(20)), Self.start.advanced(by: .seconds(35))]
                let part = HistoryRange(from: times[0], to: times[1])
                #expect(
                    try await Self.pages(of: account.name, limit: 9, part, pool).map(Self.line)
                        == expected.filter { times[0] <= $0.postedAt && $0.postedAt < times[1] }
                )
            }
            let moments = model.lines.values.flatMap { $0.map(\.postedAt) }
            for _ in 0..<60 {
                let exact = try #require(moments.randomElement(using: &random))
                let time = exact.advanced(by: .microseconds(Int.random(in: -2...2, using: &random)))
                let trial = try await LedgerReads.trialBalance(at: time, on: pool)
                #expect(trial.isBalanced, "at \(time)")
                for account in try Self.accounts() {
                    let expected = model.balance(of: account.name, at: time)
                    #expect(try await LedgerReads.account(account.name, at: time, on: pool)?.sides == expected)
                    let sum = model.sum(of: account.name, until: time)
                    #expect(trial.accounts.first { $0.account == account }?.sides ?? AccountBalance() == sum)
                }
            }
            let last = try await LedgerReads.trialBalance(on: pool).accounts.map(\.sides)
            #expect(try await LedgerReads.trialBalance(at: Timestamp(seconds: 4_000_000_000), on: pool).accounts.map(\.sides) == last)
            #expect(try await LedgerReads.trialBalance(at: Timestamp(seconds: 0), on: pool).accounts.isEmpty)
        }
    }

    @Test("paging neither repeats nor skips while entries are added")
    func pagingWhileWriting() async throws {
        try await TestDatabase.migrated().withPool { pool in
            var random = SeededRandom.printed("paging")
            let model = try await Self.randomBook(pool, batches: 60, random: &random)
            let expected = Array((model.lines[Self.payable.name] ?? []).reversed())
            let isOver = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let ledger = Ledger(pool: pool)
                    for number in 0... {
                        guard !isOver.isSet else { return }
                        var random = SystemRandomNumberGenerator()
                        let now = Self.start.advanced(by: .seconds(1000))
                        let requests = try (0..<5).map { index in
                            let transfer = try Transfer(
                                debit: Self.clearing,
                                credit: Self.payable,
                                amount: Amount(minorUnits: 1, asset: .thb)
                            )
                            let cause = EntryCause("added \(number) \(index)")
                            let entry = JournalEntry(cause: cause, kind: .manual, transfer, chargeID: nil, occurredAt: now)
                            return PostingRequest(EntryID(at: now, random: &random), entry)
                        }
                        _ = try await ledger.post(requests, at: now)
                    }
                }
                for limit in [1, 3, 11] {
                    let seen = try await Self.pages(of: Self.payable.name, limit: limit, HistoryRange(), pool).map(Self.line)
                    #expect(Array(seen.suffix(expected.count)) == expected)
                    #expect(Set(seen.map(\.id)).count == seen.count, "nothing comes twice")
                }
                isOver.set()
                try await group.waitForAll()
            }
        }
    }

    @Test("an entry is found by its id, its cause, its charge and its time, with its transfers and its ending")
    func journal() async throws {
        try await TestDatabase.migrated().withPool { pool in
            var random = SeededRandom.printed("journal")
            let charge = ChargeID(at: Self.start, random: &random)
            let wallet = try #require(ChartOfAccounts.wallet(customer: "c", .thb))
            let amount = Amount(minorUnits: 700, asset: .thb)
            let transfers = [
                try Transfer(debit: Self.clearing, credit: wallet, amount: amount),
                try Transfer(debit: Self.clearing, credit: Self.payable, amount: amount),
            ]
            let held = JournalEntry(
                cause: EntryCause("held"),
                kind: .reservation,
                phase: .pending(expiresAt: Self.start.advanced(by: .seconds(60))),
                transfers[0],
                [transfers[1]],
                chargeID: charge,
                occurredAt: Self.start
            )
            let ends = PendingResolution(
                cause: EntryCause("ends"),
                kind: .reservation,
                pending: held.cause,
                outcome: .postPart([700, 0]),
                occurredAt: Self.start,
                reason: "half of it"
            )
            let later = Self.start.advanced(by: .seconds(10))
            let ids = [EntryID(at: Self.start, random: &random), EntryID(at: later, random: &random)]
            _ = try await Ledger(pool: pool).post([PostingRequest(ids[0], held)], at: Self.start)
            _ = try await Ledger(pool: pool).post([PostingRequest(ids[1], ends)], at: later)
            let pending = try #require(try await JournalReads.entry(ids[0], on: pool))
            #expect(
                pending.transfers == transfers && pending.endedBy == ids[1] && pending.expiresAt == Self.start.advanced(by: .seconds(60))
            )
            let ending = try #require(try await JournalReads.entry(ids[1], on: pool))
            #expect(ending.transfers == [transfers[0]] && ending.pendingEntryID == ids[0] && ending.phase == .post)
            #expect(ending.reason == "half of it" && ending.chargeID == charge && ending.postedAt == later)

            func found(_ change: (inout JournalFilter) -> Void, after: EntryID? = nil, limit: Int = 10) async throws -> [EntryID] {
                var filter = JournalFilter()
                change(&filter)
                return try await JournalReads.list(filter, after: after, limit: limit, on: pool).map(\.id)
            }
            #expect(try await found { _ in } == [ids[1], ids[0]])
            #expect(try await found({ _ in }, limit: 1) == [ids[1]])
            #expect(try await found({ _ in }, after: ids[1]) == [ids[0]])
            #expect(try await found { $0.cause = "held" } == [ids[0]])
            #expect(try await found { $0.cause = "nothing" } == [])
            #expect(try await found { $0.chargeID = charge } == [ids[1], ids[0]])
            #expect(try await found { $0.from = later } == [ids[1]])
            #expect(try await found { $0.to = later } == [ids[0]])
            #expect(try await JournalReads.entry(EntryID(value: 1), on: pool) == nil)
        }
    }
}

/// Something that becomes true once.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }

    func set() {
        state.withLock { $0 = true }
    }
}
