import Payments
import Storage

/// Bulk posting of transfers that nobody has posted before.
struct LedgerBenchmark {
    /// What is posted, by how many writers.
    struct Shape: Sendable {
        let name: String
        let batch: Int
        let writers: Int
        /// Whether every transfer touches one and the same account.
        let isHot: Bool
    }

    static let shapes = [
        Shape(name: "ledger spread, 500 a call, 1 writer", batch: 500, writers: 1, isHot: false),
        Shape(name: "ledger spread, 500 a call, 2 writers", batch: 500, writers: 2, isHot: false),
        Shape(name: "ledger hot account, 500 a call, 1 writer", batch: 500, writers: 1, isHot: true),
        Shape(name: "ledger hot account, 500 a call, 2 writers", batch: 500, writers: 2, isHot: true),
        Shape(name: "ledger spread, 2000 a call, 2 writers", batch: 2000, writers: 2, isHot: false),
    ]

    private static let accountCount = 10_000

    let shape: Shape
    let transfers: Int
    let rounds: Int

    /// Posts every round on top of the one before.
    func run(on database: BenchmarkDatabase) async throws -> Figure {
        let accounts = (0..<LedgerBenchmark.accountCount).compactMap { number in
            AccountName("benchmark:\(number):THB").map { LedgerAccount(name: $0, asset: .thb, kind: .liability) }
        }
        var rates: [Double] = []
        for round in 0..<rounds {
            let batches = try (0..<transfers / shape.batch).map { try batch(round, $0, accounts) }
            let start = ContinuousClock.now
            try await post(batches, on: database)
            rates.append(Double(batches.count * shape.batch) / LoadGenerator.seconds(since: start))
        }
        return Figure(name: shape.name, perSecond: rates)
    }

    private func batch(_ round: Int, _ number: Int, _ accounts: [LedgerAccount]) throws -> [(EntryID, JournalEntry)] {
        var random = SystemRandomNumberGenerator()
        let now = Timestamp(seconds: 1_795_460_000 + Int64(round))
        return try (0..<shape.batch).map { position in
            let first = shape.isHot ? 0 : Int.random(in: 0..<accounts.count)
            let second = (first + 1 + Int.random(in: 0..<accounts.count - 1)) % accounts.count
            let transfer = try Transfer(
                debit: accounts[first],
                credit: accounts[second],
                amount: Amount(minorUnits: Int128.random(in: 1...100_000), asset: .thb)
            )
            let cause = EntryCause("\(shape.name):\(round):\(number):\(position)")
            let entry = JournalEntry(cause: cause, kind: .manual, transfer, chargeID: nil, occurredAt: now)
            return (EntryID(at: now, random: &random), entry)
        }
    }

    private func post(_ batches: [[(EntryID, JournalEntry)]], on database: BenchmarkDatabase) async throws {
        let ledger = Ledger(pool: database.pool)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<shape.writers {
                group.addTask {
                    for index in stride(from: writer, to: batches.count, by: shape.writers) {
                        let results = try await ledger.post(
                            batches[index].map { PostingRequest($0, $1) },
                            at: Timestamp(seconds: 1_795_460_000)
                        )
                        guard results.allSatisfy({ $0 == .created }) else { throw BenchmarkError("a transfer was refused") }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
