import Foundation

/// The ledger as guides write it, run by pgbench, PostgreSQL's own load program, with prepared statements.
///
/// Rows are locked with SELECT … FOR UPDATE, the caller computes the balance before and after, and two UPDATEs follow; one transaction for
/// each transfer.
struct Textbook: Sendable {
    private let connectionString: String
    private let server: BenchmarkServer
    private let folder: String

    static func name(_ load: TransferLoad) -> String { "\(load.name): textbook" }

    /// Creates its database; nil when there is no pgbench.
    static func make(on server: BenchmarkServer, folder: String) throws -> Textbook? {
        guard FileManager.default.isExecutableFile(atPath: server.programs + "/pgbench") else { return nil }
        let connectionString = try server.createDatabase("textbook")
        try Replay.script(schema, on: connectionString)
        return Textbook(connectionString: connectionString, server: server, folder: folder)
    }

    /// Some thousand transfers over a number of connections.
    func measure(_ load: TransferLoad, connections: Int, transfers: Int) async throws -> Sample {
        let file = "\(folder)/textbook-\(load.isHot).sql"
        try Textbook.script(load).write(toFile: file, atomically: true, encoding: .utf8)
        let parts = TakingPart(server: server.process)
        let before = parts.times()
        let output = try await ProgramRun.output(
            of: server.programs + "/pgbench",
            [
                "--no-vacuum", "--protocol=prepared", "--client=\(connections)", "--jobs=\(min(2, connections))",
                "--transactions=\(max(1, transfers / connections))", "--file=\(file)", connectionString,
            ]
        )
        let processor = parts.times() - before
        guard let items = Textbook.number(after: "actually processed: ", in: output),
            let rate = Textbook.number(after: "tps = ", in: output)
        else { throw BenchmarkError("pgbench wrote something unexpected: \(output)") }
        return Sample(name: Textbook.name(load), items: Int(items), seconds: items / rate, processor: processor)
    }

    private static func number(after text: String, in output: String) -> Double? {
        guard let range = output.range(of: text) else { return nil }
        return Double(output[range.upperBound...].prefix { $0.isNumber || $0 == "." })
    }

    private static let schema = """
        CREATE TABLE wallets (
            id bigint PRIMARY KEY, balance bigint NOT NULL DEFAULT 0, updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE transactions (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(), wallet_id bigint NOT NULL REFERENCES wallets, type text NOT NULL,
            amount bigint NOT NULL, balance_before bigint NOT NULL, balance_after bigint NOT NULL, status text NOT NULL,
            description text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX ON transactions (wallet_id, created_at);
        INSERT INTO wallets (id) SELECT generate_series(1, \(TransferLoad.accountCount))
        """

    /// The wallets are locked in the order of their ids, so that no two transfers wait for each other.
    private static func script(_ load: TransferLoad) -> String {
        """
        \\set one \(load.isHot ? "1" : "random(1, \(TransferLoad.accountCount))")
        \\set other 1 + (:one + random(0, \(TransferLoad.accountCount - 2))) % \(TransferLoad.accountCount)
        \\set low least(:one, :other)
        \\set high greatest(:one, :other)
        \\set amount random(1, 100000)
        BEGIN;
        SELECT balance AS low_before FROM wallets WHERE id = :low FOR UPDATE \\gset
        SELECT balance AS high_before FROM wallets WHERE id = :high FOR UPDATE \\gset
        \\set low_after :low_before - :amount
        \\set high_after :high_before + :amount
        INSERT INTO transactions (wallet_id, type, amount, balance_before, balance_after, status, description) VALUES
            (:low, 'PURCHASE', :amount, :low_before, :low_after, 'COMPLETED', 'Order payment'),
            (:high, 'DEPOSIT', :amount, :high_before, :high_after, 'COMPLETED', 'Order payment');
        UPDATE wallets SET balance = :low_after, updated_at = now() WHERE id = :low;
        UPDATE wallets SET balance = :high_after, updated_at = now() WHERE id = :high;
        COMMIT;

        """
    }
}
