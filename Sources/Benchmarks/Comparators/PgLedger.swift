import Foundation
import PostgreSQL

/// pgledger, a double-entry ledger in PL/pgSQL, when its folder is given; called from C so that its caller costs it nothing.
struct PgLedger: Sendable {
    private let connectionString: String
    private let server: BenchmarkServer
    private let accounts: [String]

    static func name(_ load: TransferLoad) -> String { "\(load.name): pgledger" }

    /// Creates its database and its accounts from the SQL in a checkout.
    static func make(from checkout: String, on server: BenchmarkServer) async throws -> PgLedger {
        let connectionString = try server.createDatabase("pgledger")
        let vendor = "vendor/scoville-pgsql-ulid"
        for file in ["\(vendor)/ulid-to-uuid.sql", "\(vendor)/uuid-to-ulid.sql", "pgledger.sql"] {
            try Replay.script(String(contentsOfFile: "\(checkout)/\(file)", encoding: .utf8), on: connectionString)
        }
        let accounts = try await BenchmarkServer.withPool(connectionString, setup: []) { pool in
            try await pool.execute(createAccounts, [.int32(Int32(TransferLoad.accountCount))]).rows.map { try $0.text(0) }
        }
        return PgLedger(connectionString: connectionString, server: server, accounts: accounts)
    }

    /// Transfers for some seconds: `batch` a call over a number of connections; one a call goes through its function for one.
    func measure(_ load: TransferLoad, batch: Int, connections: Int, seconds: Double) async throws -> Sample {
        let replay = try Replay(connectionString, connections: connections)
        // Twice what it has ever reached, so that the time ends before the work does.
        for _ in 0..<max(connections * 2, Int(seconds * 12_000) / batch) { try replay.add([command(load, batch)]) }
        return try await Sample.taken(PgLedger.name(load), TakingPart(server: server.process)) {
            try await replay.run(atMost: seconds) * batch
        }
    }

    private func command(_ load: TransferLoad, _ batch: Int) -> Command {
        let pairs = (0..<batch).map { _ in load.pair() }
        let amounts = pairs.map { _ in Int128.random(in: 1...100_000) }
        guard batch > 1 else {
            return Command(
                PgLedger.createTransfer,
                [.text(accounts[pairs[0].0]), .text(accounts[pairs[0].1]), .numeric(amounts[0])]
            )
        }
        return Command(
            PgLedger.createTransfers,
            [.texts(pairs.map { accounts[$0.0] }), .texts(pairs.map { accounts[$0.1] }), .numerics(amounts)]
        )
    }

    private static let createAccounts = Statement(
        "pgledger_accounts",
        "SELECT (SELECT id FROM pgledger_create_account('account ' || n, 'THB')) FROM generate_series(1, $1::int) AS n"
    )

    private static let createTransfer = Statement(
        "pgledger_create_transfer",
        "SELECT id FROM pgledger_create_transfer($1::text, $2::text, $3::numeric)"
    )

    private static let createTransfers = Statement(
        "pgledger_create_transfers",
        """
        SELECT count(*) FROM pgledger_create_transfers(
            transfer_requests => (
                SELECT array_agg((f, t, a)::transfer_request) FROM unnest($1::text[], $2::text[], $3::numeric[]) AS d(f, t, a)
            ),
            event_at => now()
        )
        """
    )
}
