/// The same posting into a small book and into a large one.
struct GrowthGroup {
    private static let smallBook = 10_000
    private static let shape = PostingContenders.Shape(batch: 1000, writers: 2)

    let options: MeasureOptions

    func run() async throws -> MeasuredGroup {
        try await BenchmarkServer.with { server in
            try await server.withDatabase("small") { small in
                try await server.withDatabase("large") { large in try await measure(small, large) }
            }
        }
    }

    private func measure(_ small: BenchmarkDatabase, _ large: BenchmarkDatabase) async throws -> MeasuredGroup {
        var group = MeasuredGroup(name: "growth", conditions: try await Conditions.ofServer(small.pool))
        let load = TransferLoad(isHot: false)
        let start = SteadyTime.now()
        for (database, size) in [(small, GrowthGroup.smallBook), (large, options.book)] {
            try await GrowthGroup.fill(database, to: size, load)
            for statement in ["VACUUM ANALYZE", "CHECKPOINT"] { try Replay.script(statement, on: database.connectionString) }
        }
        group.values.append(MeasuredValue("time to fill the books", SteadyTime.now() - start, "s"))
        // Few transfers a round, so that the small book stays small.
        let posting = PostingContenders(transfers: max(GrowthGroup.shape.batch, options.transfers / 3))
        let name = PostingContenders.bulkName(GrowthGroup.shape, load)
        let contenders = [(small, "small book"), (large, "large book")].map { database, title in
            let posted = posting.bulk(GrowthGroup.shape, load, on: database)
            return Contender("\(name), \(title)") { round in try await posted.measure(round).map { $0.renamed("\(name), \(title)") } }
        }
        // After a checkpoint each page is written to the log as a whole once. Of a few thousand transfers that would be most of the
        // cost; between two checkpoints under load lie millions. So the first round is not counted.
        for contender in contenders { _ = try await contender.measure(0) }
        group.figures = try await Rounds.run(contenders, rounds: options.rounds)
        let aim = options.book >= 10_000_000 ? 0.85 : nil
        group.ratios = [Ratio("large book to small book", group.figures, "\(name), large book", by: "\(name), small book", aim: aim)]
            .compactMap { $0 }
        for (database, title) in [(small, "small"), (large, "large")] {
            let count = Double(try await LedgerAccess.entryCount(on: database.pool))
            group.values.append(MeasuredValue("entries in the \(title) book at the end", count, "entries"))
        }
        return group
    }

    /// Posts as the service does, so that every table and index is as it would be.
    static func fill(_ database: BenchmarkDatabase, to size: Int, _ load: TransferLoad, batch: Int = 2000) async throws {
        for batch in try load.openingBatches() { try await LedgerAccess.post(batch, into: database.ledger) }
        let writers = 2
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for start in stride(from: TransferLoad.accountCount + writer * batch, to: size, by: writers * batch) {
                        if start % 1_000_000 == 0 { Output.progress("\(start) entries") }
                        for entries in try load.batches(1, of: batch) { try await LedgerAccess.post(entries, into: database.ledger) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
