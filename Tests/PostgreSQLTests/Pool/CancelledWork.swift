import PostgreSQL
import Synchronization
import TestSupport

/// Work of several kinds that is cancelled after a random while, and what came of it.
final class CancelledWork: Sendable {
    private struct State {
        var certain: Set<Int64> = []
        var undone: Set<Int64> = []
        var cancelledCount = 0
        var faults: [String] = []
    }

    private struct OwnError: Error {}

    private let pool: ConnectionPool
    private let state = Mutex(State())

    init(pool: ConnectionPool) {
        self.pool = pool
    }

    /// Pairs whose commit was confirmed.
    var certain: Set<Int64> { state.withLock { $0.certain } }
    /// Pairs of which it is certain that they were not committed.
    var undone: Set<Int64> { state.withLock { $0.undone } }
    var cancelledCount: Int { state.withLock { $0.cancelledCount } }
    var faults: [String] { state.withLock { $0.faults } }

    func doOne(_ id: Int64, _ random: SeededRandom) async {
        var random = random
        let kind = Int.random(in: 0..<6, using: &random)
        let task = Task { try await work(kind, id) }
        let pause = Int.random(in: 0..<8000, using: &random)
        if pause < 6000 {
            try? await Task.sleep(for: .microseconds(pause))
            task.cancel()
        }
        await note(task.result, id, isPair: kind < 2)
    }

    private func note(_ result: Result<Bool, any Error>, _ id: Int64, isPair: Bool) {
        state.withLock { state in
            switch result {
            case .success(let isRight):
                if !isRight { state.faults.append("a wrong answer for \(id)") }
                if isPair { state.certain.insert(id) }
            case .failure(let error as PostgresError) where error.code == .cancelled:
                state.cancelledCount += 1
                if isPair { state.undone.insert(id) }
            case .failure(let error as PostgresError) where error.code == .commitOutcomeUnknown && isPair:
                state.cancelledCount += 1
            case .failure(is OwnError) where !isPair: break
            case .failure(let error): state.faults.append("\(id): \(error)")
            }
        }
    }

    /// True when the answer was the right one.
    private func work(_ kind: Int, _ id: Int64) async throws -> Bool {
        switch kind {
        case 0: return try await pair(id)
        case 1: return try await pairWithCommit(id)
        case 2:
            return try await pool.number("SELECT $1::bigint", .int64(id)) == id
        case 3:
            let sql = "SELECT $1::bigint + n FROM generate_series(0, 1999) AS n"
            return try await pool.execute(Statement("rows", sql), [.int64(id)]).rows.map { try $0.int64(0) } == Array(id..<id + 2000)
        case 4:
            let sql = "SELECT $1::bigint, pg_sleep(0.003)::text"
            return try await pool.execute(Statement("slow", sql), [.int64(id)])[0].int64(0) == id
        default:
            return try await pool.withSession { session in
                // Careless: leaves its transaction open.
                _ = try await session.executeScript("BEGIN; INSERT INTO pairs VALUES (\(-id - 1), 0)")
                throw OwnError()
            }
        }
    }

    private static let insert = Statement("insert", "INSERT INTO pairs VALUES ($1, $2)")

    private func pair(_ id: Int64) async throws -> Bool {
        try await pool.transaction { transaction in
            _ = try await transaction.execute(Self.insert, [.int64(id), .int64(1)])
            return try await transaction.execute(Self.insert, [.int64(id), .int64(2)]).affectedRows == 1
        }
    }

    private func pairWithCommit(_ id: Int64) async throws -> Bool {
        try await pool.transaction { transaction in
            let commands = [1, 2].map { Command(Self.insert, [.int64(id), .int64($0)]) }
            return try await transaction.finish(with: commands).map(\.affectedRows) == [1, 1]
        }
    }
}
