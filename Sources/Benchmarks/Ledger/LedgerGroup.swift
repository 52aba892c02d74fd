import Foundation

/// Posting of transfers: ours, the same rows from C, the textbook's schema, and pgledger, all on one server.
struct LedgerGroup {
    let options: MeasureOptions

    private static let connectionCounts = [1, 2, 4, 16]
    private static let trialSeconds = 1.0
    private static let trialTransfers = 2000

    func run() async throws -> MeasuredGroup {
        try await BenchmarkServer.with { server in
            try await server.withDatabase("ours") { ours in
                try await server.withDatabase("rows") { rows in try await measure(server, ours, rows) }
            }
        }
    }

    private func measure(
        _ server: BenchmarkServer,
        _ ours: BenchmarkDatabase,
        _ rows: BenchmarkDatabase
    ) async throws -> MeasuredGroup {
        var group = MeasuredGroup(name: "ledger", conditions: try await Conditions.ofServer(ours.pool))
        let loads = [TransferLoad(isHot: false), TransferLoad(isHot: true)]
        for database in [ours, rows] {
            for batch in try loads[0].openingBatches() { try await LedgerAccess.post(batch, into: database.ledger) }
        }
        let posting = PostingContenders(transfers: options.transfers)
        var contenders: [Contender] = []
        for load in loads {
            for shape in PostingContenders.shapes {
                let replay = try Replay(rows.connectionString, connections: shape.writers, setup: LedgerAccess.sessionSetup)
                contenders.append(posting.bulk(shape, load, on: ours))
                contenders.append(posting.replay(shape, load, replay, on: rows))
            }
            contenders.append(posting.single(load, callers: 64, on: ours))
        }
        let folder = FileManager.default.temporaryDirectory.path
        if let textbook = try Textbook.make(on: server, folder: folder) {
            for load in loads { contenders.append(try await best(of: textbook, load, &group)) }
        } else {
            group.notes.append("textbook: left out, pgbench is not installed beside the server")
        }
        if let checkout = options.pgledger {
            let pgledger = try await PgLedger.make(from: checkout, on: server)
            for load in loads { contenders.append(try await best(of: pgledger, load, &group)) }
        } else {
            group.notes.append("pgledger: left out, give the folder of its checkout by --pgledger")
        }
        group.figures = try await Rounds.run(contenders, rounds: options.rounds)
        group.ratios = LedgerGroup.ratios(group.figures, loads)
        return group
    }

    /// Tries every number of connections shortly; the rounds are run with the best.
    private func best(of textbook: Textbook, _ load: TransferLoad, _ group: inout MeasuredGroup) async throws -> Contender {
        var trials: [(connections: Int, rate: Double)] = []
        for connections in LedgerGroup.connectionCounts {
            let sample = try await textbook.measure(load, connections: connections, transfers: LedgerGroup.trialTransfers)
            trials.append((connections, Double(sample.items) / sample.seconds))
            group.trials.append(Trial(name: "\(Textbook.name(load)), \(connections) connections", perSecond: trials[trials.count - 1].rate))
        }
        let best = trials.max { $0.rate < $1.rate } ?? (1, 1)
        return Contender(Textbook.name(load)) { _ in
            [try await textbook.measure(load, connections: best.connections, transfers: Int(best.rate * options.seconds))]
        }
    }

    private func best(of pgledger: PgLedger, _ load: TransferLoad, _ group: inout MeasuredGroup) async throws -> Contender {
        var trials: [(batch: Int, connections: Int, rate: Double)] = []
        for batch in [1, 200, 1000] {
            for connections in LedgerGroup.connectionCounts {
                let seconds = LedgerGroup.trialSeconds
                let sample = try await pgledger.measure(load, batch: batch, connections: connections, seconds: seconds)
                trials.append((batch, connections, Double(sample.items) / sample.seconds))
                let name = "\(PgLedger.name(load)), \(batch) a call, \(connections) connections"
                group.trials.append(Trial(name: name, perSecond: trials[trials.count - 1].rate))
            }
        }
        let best = trials.max { $0.rate < $1.rate } ?? (1, 1, 0)
        return Contender(PgLedger.name(load)) { _ in
            [try await pgledger.measure(load, batch: best.batch, connections: best.connections, seconds: options.seconds)]
        }
    }

    private static func ratios(_ figures: [Figure], _ loads: [TransferLoad]) -> [Ratio] {
        loads.flatMap { load -> [Ratio?] in
            let bulk = PostingContenders.bulkName(PostingContenders.Shape(batch: 1000, writers: 2), load)
            let same = PostingContenders.shapes.map { shape in
                Ratio(
                    "\(load.name): bulk to the same rows from C, \(shape.name)",
                    figures,
                    PostingContenders.bulkName(shape, load),
                    by: PostingContenders.replayName(shape, load),
                    aim: 0.8
                )
            }
            return same + [
                Ratio("\(load.name): bulk to pgledger", figures, bulk, by: PgLedger.name(load), aim: load.isHot ? 60 : 20),
                Ratio("\(load.name): bulk to textbook", figures, bulk, by: Textbook.name(load)),
                Ratio("\(load.name): one each to pgledger", figures, PostingContenders.singleName(load), by: PgLedger.name(load)),
                Ratio("\(load.name): one each to textbook", figures, PostingContenders.singleName(load), by: Textbook.name(load)),
            ]
        }.compactMap { $0 }
    }
}
