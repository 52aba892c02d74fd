import Foundation
import PostgreSQL
import TestSupport
import Testing

@Suite("opening connections", .timeLimit(.minutes(10)))
struct OpeningTests {
    private static func configuration(
        _ connectionString: String,
        connectTimeout: Duration = .seconds(5),
        acquireTimeout: Duration = .seconds(10),
        setup: [String] = [],
        name: String = "opening"
    ) -> ConnectionPool.Configuration {
        ConnectionPool.Configuration(
            connectionString: connectionString,
            minimumConnections: 0,
            maximumConnections: 2,
            acquireTimeout: acquireTimeout,
            connectTimeout: connectTimeout,
            sessionSetup: setup,
            applicationName: name
        )
    }

    private static func failure(_ configuration: ConnectionPool.Configuration) async throws -> PostgresError? {
        try await ConnectionPool.with(configuration) { pool in
            await #expect(throws: PostgresError.self) { try await pool.withSession { _ in } }
        }
    }

    @Test("where nobody listens, the error says that no connection could be made, and holds no password")
    func nobodyListens() async throws {
        let error = try await Self.failure(
            Self.configuration("host=127.0.0.1 port=1 user=someone password=wonderful dbname=x", acquireTimeout: .milliseconds(200))
        )
        #expect(error?.code == .connectionFailed)
        #expect(error?.isRetryable == true)
        #expect(error?.description.contains("127.0.0.1") == true)
        #expect(error?.description.contains("wonderful") == false)
    }

    @Test("a connection string that makes no sense is an error", arguments: ["nonsense", "port=none host=/tmp", "host='/tmp"])
    func nonsense(connectionString: String) async throws {
        let error = try await Self.failure(Self.configuration(connectionString, acquireTimeout: .milliseconds(200)))
        #expect(error?.code == .connectionFailed)
    }

    @Test("a server that takes the connection and says nothing is given up")
    func silentServer() async throws {
        let silent = try SilentServer()
        let error = try await Self.failure(
            Self.configuration(silent.connectionString, connectTimeout: .milliseconds(100), acquireTimeout: .milliseconds(500))
        )
        #expect(error?.code == .connectionFailed)
        #expect(error?.description.contains("in time") == true)
    }

    @Test("a set-up that takes too long is given up")
    func slowSetup() async throws {
        let database = try await TestDatabase.empty()
        let error = try await Self.failure(
            Self.configuration(
                database.connectionString,
                connectTimeout: .milliseconds(100),
                acquireTimeout: .seconds(1),
                setup: ["SELECT pg_sleep(8)"]
            )
        )
        #expect(error?.code == .connectionFailed)
        #expect(error?.description.contains("in time") == true)
    }

    @Test("a set-up that the server refuses is the error of whoever waits, and leaves no session behind")
    func refusedSetup() async throws {
        let database = try await TestDatabase.empty()
        let name = "refused set-up"
        let configuration = Self.configuration(
            database.connectionString,
            acquireTimeout: .milliseconds(1500),
            setup: ["SET TIME ZONE 'UTC'", "SET ROLE nobody_of_this_name"],
            name: name
        )
        try await ConnectionPool.with(configuration) { pool in
            let error = await #expect(throws: PostgresError.self) { try await pool.withSession { _ in } }
            #expect(error?.sqlState == "22023")
            try await database.withPool(setup: []) { watching in
                let isGone = try await waitUntil(.seconds(2)) { try await watching.sessionCount(named: name) == 0 }
                #expect(isGone)
            }
        }
    }

    @Test("each connection is set up before it is lent, and carries the pool's name")
    func setup() async throws {
        let database = try await TestDatabase.empty()
        var configuration = ["SET TIME ZONE 'Asia/Bangkok'", "SET truvapay.test = 'it''s set'"]
        configuration.append("CREATE TEMP TABLE mine (n int)")
        try await ConnectionPool.with(Self.configuration(database.connectionString, setup: configuration, name: "named")) { pool in
            try await pool.withSession { first in
                try await pool.withSession { second in
                    var numbers: Set<Int32> = []
                    for session in [first, second] {
                        let sql = """
                            SELECT pg_backend_pid(), current_setting('TimeZone'), current_setting('truvapay.test'),
                                current_setting('application_name'), current_setting('client_encoding'), (SELECT count(*) FROM mine)
                            """
                        let row = try await session.execute(Statement("setup", sql))[0]
                        numbers.insert(try row.int32(0))
                        let texts = try (1...4).map { try row.text($0) }
                        #expect(texts == ["Asia/Bangkok", "it's set", "named", "UTF8"])
                    }
                    #expect(numbers.count == 2)
                }
            }
        }
    }
}
