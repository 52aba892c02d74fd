import PostgreSQL
import TestSupport
import Testing

@Suite("several hosts in a connection string", .timeLimit(.minutes(10)))
struct HostsTests {
    /// The test server behind others.
    private static func connectionString(after hosts: String, ports: String, more: String = "") async throws -> String {
        let server = try await TestServer.shared.connectionString()
        let parts = server.replacing("host='", with: "host='\(hosts),")
        return "\(parts) port=\(ports),5432 dbname=postgres \(more)"
    }

    private static func answer(_ connectionString: String, connectTimeout: Duration = .seconds(10)) async throws -> Int64 {
        let configuration = ConnectionPool.Configuration(
            connectionString: connectionString,
            minimumConnections: 0,
            maximumConnections: 1,
            acquireTimeout: .seconds(20),
            connectTimeout: connectTimeout
        )
        return try await ConnectionPool.with(configuration) { try await $0.number("SELECT 42::bigint") }
    }

    @Test("one that refuses is passed over", arguments: ["127.0.0.1", "/tmp/nobody-here"])
    func refusing(host: String) async throws {
        #expect(try await Self.answer(Self.connectionString(after: host, ports: "1")) == 42)
    }

    @Test("the one that writes is found")
    func writable() async throws {
        let text = try await Self.connectionString(
            after: "127.0.0.1,/tmp/nobody-here",
            ports: "1,1",
            more: "target_session_attrs=read-write"
        )
        #expect(try await Self.answer(text) == 42)
    }

    @Test("one that does not even refuse has only its share of the time")
    func unreachable() async throws {
        let hole = try BlackHole()
        #expect(try await Self.answer(Self.connectionString(after: "127.0.0.1", ports: "\(hole.port)"), connectTimeout: .seconds(1)) == 42)
    }

    @Test("when all are dead, no connection could be made")
    func allDead() async throws {
        let configuration = ConnectionPool.Configuration(
            connectionString: "host=127.0.0.1,/tmp/nobody-here port=1,1",
            acquireTimeout: .milliseconds(300)
        )
        let error = try await ConnectionPool.with(configuration) { pool in
            await #expect(throws: PostgresError.self) { try await pool.number("SELECT 42::bigint") }
        }
        #expect(error?.code == .connectionFailed)
    }
}
