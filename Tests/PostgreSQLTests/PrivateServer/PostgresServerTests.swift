import Foundation
import Glibc
import PostgreSQL
import Synchronization
import TestSupport
import Testing

@Suite("the private PostgreSQL", .serialized, .timeLimit(.minutes(10)))
struct PostgresServerTests {
    @Test("what was written is there after a stop and a start")
    func keepsData() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let first = try await home.start()
        try await first.write(7)
        await first.stop()
        #expect(home.processID == nil)
        let second = try await home.start()
        #expect(try await second.read() == 7)
        await second.stop()
    }

    @Test("the durable server writes through, checks its pages and listens on no network")
    func isDurable() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let server = try await home.start(durability: .durable)
        for (name, value) in [
            "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on", "listen_addresses": "",
            "server_encoding": "UTF8", "TimeZone": "UTC", "log_min_error_statement": "panic",
        ] {
            #expect(try await server.text("SHOW \(name)") == value, "\(name)")
        }
        let mode = try FileManager.default.attributesOfItem(atPath: home.path + "/postgresql/socket")[.posixPermissions] as? Int
        #expect(mode == 0o700)
        await server.stop()
    }

    @Test("a server whose process was killed is started again by the next start")
    func recoversAfterKill() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let first = try await home.start(durability: .durable)
        try await first.write(8)
        kill(try #require(home.processID), SIGKILL)
        let second = try await home.start(durability: .durable)
        #expect(try await second.read() == 8)
        await first.stop()
        await second.stop()
        #expect(home.processID == nil)
    }

    @Test("a server that a killed process left behind is taken over")
    func takesOver() async throws {
        let home = try TestHome()
        defer { home.remove() }
        // Without a stop, as after kill -9: the lock goes, the server stays.
        try await home.start().write(5)
        let processID = try #require(home.processID)
        let second = try await home.start()
        #expect(home.processID == processID)
        #expect(try await second.read() == 5)
        await second.stop()
        #expect(home.processID == nil)
    }

    @Test("the server is in a session of its own, where Ctrl-C does not reach it")
    func ownSession() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let server = try await home.start()
        let processID = try #require(home.processID)
        #expect(getsid(processID) == processID)
        await server.stop()
    }

    @Test("a server that still recovers is waited for, not started a second time")
    func waitsForRecovery() async throws {
        let home = try TestHome()
        defer { home.remove() }
        try await home.start().write(6)
        let processID = try #require(home.processID)
        // Stopped in its tracks it does not answer, like one that is busy.
        kill(processID, SIGSTOP)
        async let second = home.start()
        try await Task.sleep(for: .seconds(1))
        kill(processID, SIGCONT)
        let server = try await second
        #expect(home.processID == processID)
        await server.stop()
    }

    @Test("run starts a killed server again, and not one that was stopped")
    func supervises() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let server = try await home.start(durability: .durable)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await server.write(9)
            for _ in 1...2 {
                let killed = try #require(home.processID)
                kill(killed, SIGKILL)
                #expect(try await waitUntil(.seconds(90)) { home.processID != killed && home.isReady })
            }
            #expect(try await server.read() == 9)
            await server.stop()
            try await group.waitForAll()
        }
        try await Task.sleep(for: .seconds(1))
        #expect(home.processID == nil)
    }

    @Test("two users share the server, and only the last one to stop stops it")
    func shares() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let command = try await home.start()
        let service = try await home.start()
        let processID = try #require(home.processID)
        await command.stop()
        await command.stop()
        #expect(home.processID == processID)
        try await service.write(1)
        await service.stop()
        #expect(home.processID == nil)
    }

    @Test("starts at the same time make one cluster and one server")
    func startsAtOnce() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let servers = try await withThrowingTaskGroup(of: PostgresServer.self) { group in
            for _ in 1...4 { group.addTask { try await home.start() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(servers.map(\.connectionString)).count == 1)
        for server in servers { await server.stop() }
        #expect(home.processID == nil)
    }

    @Test("a file of a dead server with the number of a living process does not keep it from starting")
    func numberInUse() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let first = try await home.start()
        let file = home.path + "/postgresql/data/postmaster.pid"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        await first.stop()
        // A process of the server's user, which PostgreSQL takes for another server.
        let other = try ChildProcess("/bin/sh", home.asServerUser(["sleep", "60"]))
        defer { other.send(SIGKILL) }
        let lines = ["\(other.pid)"] + text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().map(String.init)
        try lines.joined(separator: "\n").write(toFile: file, atomically: false, encoding: .utf8)
        let second = try await home.start()
        await second.stop()
    }

    @Test("a draft that a killed process left is cleared away")
    func removesDrafts() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let draft = home.path + "/postgresql/draft-1/base"
        try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
        let server = try await home.start()
        #expect(!FileManager.default.fileExists(atPath: draft))
        await server.stop()
    }

    @Test(
        "a home whose path is long, or has quotes and blanks, serves as well",
        arguments: [String(repeating: "long", count: 40), "it's a, home; with (marks)"]
    )
    func oddHomes(name: String) async throws {
        let home = try TestHome(name: name)
        defer { home.remove() }
        let first = try await home.start()
        try await first.write(3)
        await first.stop()
        let second = try await home.start()
        #expect(try await second.read() == 3)
        #expect(first.connectionString == second.connectionString)
        await second.stop()
    }

    @Test("a home whose path a shell would read otherwise is refused", arguments: ["a$b", "a`b", "a\"b", "a\\b"])
    func refusedHomes(name: String) async throws {
        let home = try TestHome(name: name)
        defer { home.remove() }
        let error = await #expect(throws: PostgresServerError.self) { _ = try await home.start() }
        #expect(error?.code == .folderUnusable)
    }

    @Test("without PostgreSQL's programs the error names the package")
    func programsMissing() async throws {
        let home = try TestHome()
        defer { home.remove() }
        var configuration = PostgresServerConfiguration(home: home.path, durability: .forTests)
        configuration.programFolders = [home.path]
        let error = await #expect(throws: PostgresServerError.self) { try await PostgresServer.start(configuration) { _ in } }
        #expect(error?.code == .programsNotFound)
        #expect(error?.description.contains("install the Debian package postgresql") == true)
    }

    @Test("data of another version are not touched, and the error names the version's package")
    func otherVersion() async throws {
        let home = try TestHome()
        defer { home.remove() }
        let data = home.path + "/postgresql/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try "9\n".write(toFile: data + "/PG_VERSION", atomically: true, encoding: .utf8)
        let error = await #expect(throws: PostgresServerError.self) { _ = try await home.start() }
        #expect(error?.code == .programsNotFound)
        #expect(error?.description.contains("postgresql-9") == true)
    }

    @Test("a setting that PostgreSQL refuses is told from its log")
    func badSetting() async throws {
        let home = try TestHome()
        defer { home.remove() }
        var configuration = PostgresServerConfiguration(home: home.path, durability: .forTests)
        configuration.extraSettings = ["max_connections": "none"]
        let error = await #expect(throws: PostgresServerError.self) { try await PostgresServer.start(configuration) { _ in } }
        #expect(error?.code == .startFailed)
        #expect(error?.description.contains("max_connections") == true)
    }

    @Test("as root, a home that the server's user cannot enter is named", .enabled(if: geteuid() == 0, "only root changes the user"))
    func closedHome() async throws {
        let home = try TestHome()
        defer { home.remove() }
        chmod(home.path, 0o700)
        let error = await #expect(throws: PostgresServerError.self) { _ = try await home.start() }
        #expect(error?.code == .folderUnusable)
        #expect(error?.description.contains("may not enter \(home.path):") == true)
    }
}
