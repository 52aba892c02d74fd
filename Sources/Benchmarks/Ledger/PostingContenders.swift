import Gateway
import PostgreSQL

/// Our posting, and the same rows from C.
struct PostingContenders {
    /// How entries are handed over.
    struct Shape: Sendable {
        let batch: Int
        let writers: Int

        var name: String { "\(batch) a call, \(writers) writer\(writers == 1 ? "" : "s")" }
    }

    let transfers: Int

    static let shapes = [200, 1000].flatMap { batch in [1, 2, 4].map { Shape(batch: batch, writers: $0) } }

    static func bulkName(_ shape: Shape, _ load: TransferLoad) -> String { "\(load.name): bulk, \(shape.name)" }
    static func replayName(_ shape: Shape, _ load: TransferLoad) -> String { "\(load.name): same rows from C, \(shape.name)" }
    static func singleName(_ load: TransferLoad) -> String { "\(load.name): one each, 64 callers" }

    /// Bulk posting by a number of writers.
    func bulk(_ shape: Shape, _ load: TransferLoad, on database: BenchmarkDatabase) -> Contender {
        Contender(PostingContenders.bulkName(shape, load)) { _ in
            let batches = try load.batches(transfers / shape.batch, of: shape.batch)
            return [
                try await Sample.taken(PostingContenders.bulkName(shape, load), TakingPart(server: database.server)) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for writer in 0..<shape.writers {
                            group.addTask {
                                for index in stride(from: writer, to: batches.count, by: shape.writers) {
                                    try await LedgerAccess.post(batches[index], into: database.ledger)
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                    return batches.count * shape.batch
                }
            ]
        }
    }

    /// The rows that bulk posting writes, sent from C.
    func replay(_ shape: Shape, _ load: TransferLoad, _ replay: Replay, on database: BenchmarkDatabase) -> Contender {
        Contender(PostingContenders.replayName(shape, load)) { _ in
            for batch in try load.batches(transfers / shape.batch, of: shape.batch) {
                try replay.add(LedgerAccess.writes(for: batch, into: database.ledger))
            }
            return [
                try await Sample.taken(PostingContenders.replayName(shape, load), TakingPart(server: database.server)) {
                    try await replay.run() * shape.batch
                }
            ]
        }
    }

    /// Callers that post one transfer at a time and wait for it, through the gateway's batcher.
    func single(_ load: TransferLoad, callers: Int, on database: BenchmarkDatabase) -> Contender {
        Contender(PostingContenders.singleName(load)) { _ in
            let entries = try load.batches(callers, of: max(1, transfers / callers / 2))
            let batcher = Batcher<LedgerAccess.Entry, Void>(
                limits: BatcherLimits(batch: 1000, queue: 10_000, waitMax: .seconds(10), writers: 2)
            ) { items in
                let result = await Result { try await LedgerAccess.post(items, into: database.ledger) }
                return items.map { _ in result }
            }
            return [
                try await Sample.taken(PostingContenders.singleName(load), TakingPart(server: database.server)) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { await batcher.run() }
                        try await PostingContenders.submit(entries, to: batcher)
                        batcher.close()
                        try await group.waitForAll()
                    }
                    return entries.reduce(0) { $0 + $1.count }
                }
            ]
        }
    }

    private static func submit(_ entries: [[LedgerAccess.Entry]], to batcher: Batcher<LedgerAccess.Entry, Void>) async throws {
        try await withThrowingTaskGroup(of: Void.self) { callers in
            for own in entries {
                callers.addTask { for entry in own { try await batcher.submit(entry) } }
            }
            try await callers.waitForAll()
        }
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous body returns or throws.
    fileprivate init(catching body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
