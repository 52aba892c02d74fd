import Foundation
import PostgreSQL
import TestSupport
import Testing

/// A proxy cuts the connection at the moments that matter.
@Suite("answers that are lost", .timeLimit(.minutes(10)))
struct LostAnswerTests {
    /// Where the connection is cut, and how many rows are there afterwards.
    private static let commitCuts: [(ProxyServer.Cut, Int64)] = [
        (.after("transaction_commit", answer: "COMMIT"), 1), (.before("transaction_commit"), 0),
    ]
    private static let statementCuts: [(ProxyServer.Cut, Int64)] = [
        (.after("insert_row", answer: "INSERT 0 1"), 1), (.before("insert_row"), 0),
    ]
    private static let insert = Statement("insert_row", "INSERT INTO kept VALUES ($1)")

    /// A pool that reaches the database through the proxy, and one that reaches it directly.
    private static func withProxy(_ body: (ConnectionPool, ConnectionPool, ProxyServer) async throws -> Void) async throws {
        let database = try await TestDatabase.empty()
        // host='…' user=… dbname=…
        let pieces = database.connectionString.split(separator: "'", maxSplits: 2).map(String.init)
        let proxy = try ProxyServer(target: pieces[1])
        defer { proxy.stop() }
        try await database.withPool(connections: 1, setup: []) { direct in
            try await direct.script("CREATE TABLE kept (value bigint)")
            let configuration = ConnectionPool.Configuration(
                connectionString: "\(pieces[0])'\(proxy.folder)'\(pieces[2])",
                maximumConnections: 2,
                acquireTimeout: .seconds(10)
            )
            try await ConnectionPool.with(configuration) { try await body($0, direct, proxy) }
        }
    }

    @Test("a statement whose client has gone without a word is stopped by the server")
    func goneClient() async throws {
        try await Self.withProxy { pool, direct, proxy in
            let running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
            let task = Task { try await pool.execute(Statement("sleep", "SELECT pg_sleep(600)")) }
            let isRunning = try await waitUntil(.seconds(90)) { try await direct.number(running) == 1 }
            #expect(isRunning)
            proxy.cutAll()
            await #expect(throws: PostgresError.self) { try await task.value }
            let isStopped = try await waitUntil(.seconds(90)) { try await direct.number(running) == 0 }
            #expect(isStopped)
        }
    }

    @Test(
        "when COMMIT's answer is lost, its outcome is unknown and nothing is tried again",
        arguments: commitCuts,
        [false, true]
    )
    func lostCommit(cut: (ProxyServer.Cut, Int64), isTravellingWithCommands: Bool) async throws {
        try await Self.withProxy { pool, direct, proxy in
            // Once before, so that the statements are prepared and the cut does not meet the first use only.
            try await pool.transaction { _ = try await $0.execute(Self.insert, [.int64(0)]) }
            proxy.cutOnce(cut.0)
            let attempts = Attempts()
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    attempts.add()
                    if isTravellingWithCommands {
                        _ = try await transaction.finish(with: [Command(Self.insert, [.int64(1)])])
                    } else {
                        _ = try await transaction.execute(Self.insert, [.int64(1)])
                    }
                }
            }
            #expect(proxy.cutCount == 1)
            #expect(error?.code == .commitOutcomeUnknown)
            #expect(error?.isRetryable == false)
            #expect(attempts.count == 1)
            let count = try await direct.number("SELECT count(*) FROM kept WHERE value = 1")
            #expect(count == cut.1)
            // The pool goes on.
            try await pool.transaction { _ = try await $0.execute(Self.insert, [.int64(2)]) }
            #expect(try await pool.number("SELECT count(*) FROM kept WHERE value = 2") == 1)
        }
    }

    @Test(
        "when the connection breaks before COMMIT, the transaction is tried again and takes effect once",
        arguments: [ProxyServer.Cut.before("insert_row"), .after("insert_row", answer: "INSERT 0 1")]
    )
    func lostBeforeCommit(cut: ProxyServer.Cut) async throws {
        try await Self.withProxy { pool, direct, proxy in
            proxy.cutOnce(cut)
            let attempts = Attempts()
            try await pool.transaction { transaction in
                attempts.add()
                _ = try await transaction.execute(Self.insert, [.int64(1)])
            }
            #expect(proxy.cutCount == 1)
            #expect(attempts.count == 2)
            let count = try await direct.number("SELECT count(*) FROM kept")
            #expect(count == 1)
        }
    }

    @Test(
        "a single statement whose answer is lost is not tried again, for it may have taken effect",
        arguments: statementCuts
    )
    func lostStatement(cut: ProxyServer.Cut, rows: Int64) async throws {
        try await Self.withProxy { pool, direct, proxy in
            proxy.cutOnce(cut)
            let error = await #expect(throws: PostgresError.self) { try await pool.execute(Self.insert, [.int64(1)]) }
            #expect(proxy.cutCount == 1)
            #expect(error?.code == .connectionLost)
            // The server may still be ending the statement that was cut off.
            let isSo = try await waitUntil(.seconds(5)) { try await direct.number("SELECT count(*) FROM kept") == rows }
            #expect(isSo)
        }
    }
}
