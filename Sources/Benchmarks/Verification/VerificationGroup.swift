import PostgreSQL

/// Verification of a book, beside the wall that it stands before: what reading the same rows costs when nobody looks at them.
struct VerificationGroup {
    private static let commitSize = 500
    private static let verifying = "verification"
    private static let reading = "the same rows by COPY to nowhere"

    let options: MeasureOptions

    func run() async throws -> MeasuredGroup {
        try await BenchmarkServer.with { server in
            try await server.withDatabase("book") { book in try await measure(book) }
        }
    }

    private func measure(_ book: BenchmarkDatabase) async throws -> MeasuredGroup {
        var group = MeasuredGroup(name: "verification", conditions: try await Conditions.ofServer(book.pool))
        try await GrowthGroup.fill(book, to: options.verifiedBook, TransferLoad(isHot: false), batch: VerificationGroup.commitSize)
        for statement in ["VACUUM ANALYZE", "CHECKPOINT"] { try Replay.script(statement, on: book.connectionString) }
        let count = Int(try await LedgerAccess.entryCount(on: book.pool))
        group.figures = try await Rounds.run([verification(of: book), reading(of: book, count)], rounds: options.rounds)
        let ratio = Ratio("verification to reading alone", group.figures, VerificationGroup.verifying, by: VerificationGroup.reading)
        group.ratios = [ratio].compactMap { $0 }
        for (name, copy) in LedgerAccess.verifiedRows {
            let start = SteadyTime.now()
            try Replay.script(copy, on: book.connectionString)
            group.values.append(MeasuredValue("reading \(name) alone, one connection", SteadyTime.now() - start, "s"))
        }
        return group
    }

    private func verification(of book: BenchmarkDatabase) -> Contender {
        Contender(VerificationGroup.verifying) { _ in
            [
                try await Sample.taken(VerificationGroup.verifying, TakingPart(server: book.server)) {
                    try await LedgerAccess.verify(book.pool)
                }
            ]
        }
    }

    /// All tables at once, as verification reads them; the server throws the rows away where it would send them.
    private func reading(of book: BenchmarkDatabase, _ entryCount: Int) -> Contender {
        Contender(VerificationGroup.reading) { _ in
            [
                try await Sample.taken(VerificationGroup.reading, TakingPart(server: book.server)) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for (_, copy) in LedgerAccess.verifiedRows {
                            group.addTask {
                                try await OwnThread.run { Result { try Replay.script(copy, on: book.connectionString) } }.get()
                            }
                        }
                        try await group.waitForAll()
                    }
                    return entryCount
                }
            ]
        }
    }
}
