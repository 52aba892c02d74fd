import Foundation
import StrictJSON
import TestSupport
import Testing

/// Scenarios 17, 18, 23 and 38: programs that die, freeze or are told to stop while customers pay.
@Suite("When programs die under load")
struct CrashTests {
    /// How often a program is killed; `TRUVAPAY_TEST_KILLS` asks for more than the quick run needs.
    private static let kills = ProcessInfo.processInfo.environment["TRUVAPAY_TEST_KILLS"].flatMap { Int($0) } ?? 25

    private static func pauses(_ count: Int, in milliseconds: ClosedRange<Int>, name: String) -> [Duration] {
        var random = SeededRandom.printed(name)
        return (0..<count).map { _ in .milliseconds(Int.random(in: milliseconds, using: &random)) }
    }

    @Test("the gateway is killed again and again: nothing answered is lost, nothing happens twice")
    func gatewayKilled() async throws {
        let pauses = Self.pauses(Self.kills, in: 0...500, name: "gateway kills")
        try await Stage.run { stage, first in
            let load = PaymentLoad(stage: stage)
            var gateway = first
            defer { gateway.send(SIGKILL) }
            try await load.run {
                for pause in pauses {
                    try await Task.sleep(for: pause)
                    gateway.send(SIGKILL)
                    _ = try await gateway.end()
                    gateway = try await stage.startGateway()
                }
            }
            try await load.expectEverythingRight()
        }
    }

    @Test("PostgreSQL is killed again and again: the gateway starts it anew, and what was answered is there")
    func databaseKilled() async throws {
        let pauses = Self.pauses(max(3, Self.kills / 5), in: 200...1500, name: "database kills")
        let home = "/tmp/truvapay-crash-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: home) }
        try await Stage.run(changes: ["DATABASE_URL": "", "TRUVAPAY_HOME": home]) { stage, gateway in
            let load = PaymentLoad(stage: stage)
            try await load.run {
                for pause in pauses {
                    try await Task.sleep(for: pause)
                    try Self.killPostgreSQL(home: home)
                    #expect(try await waitUntil(.seconds(90)) { (try? await stage.get("/health/ready").status) == 200 })
                }
            }
            try await load.expectEverythingRight()
            gateway.send(SIGTERM)
            #expect(try await gateway.end(within: .seconds(40)) == 0)
        }
    }

    private static func killPostgreSQL(home: String) throws {
        let file = try String(contentsOfFile: home + "/postgresql/data/postmaster.pid", encoding: .utf8)
        let pid = try #require(file.split(separator: "\n").first.flatMap { Int32($0) })
        kill(pid, SIGKILL)
    }

    @Test("of two gateways on one database one freezes and loses its claims: the other goes on, and waking changes nothing")
    func frozenGateway() async throws {
        try await Stage.run { stage, gateway in
            let frozen = try await stage.startGateway(port: FreePort.find())
            defer { frozen.send(SIGKILL) }
            let load = PaymentLoad(stage: stage)
            try await load.run(customers: 3) {
                try await Task.sleep(for: .seconds(2))
                frozen.send(SIGSTOP)
                try await Task.sleep(for: .seconds(2))
            }
            try await load.expectEverythingRight(within: .seconds(120))
            try await Task.sleep(for: .seconds(1))
            frozen.send(SIGCONT)
            try await load.run(customers: 3) { try await Task.sleep(for: .seconds(2)) }
            try await load.expectEverythingRight()
            #expect(gateway.status == nil && frozen.status == nil)
        }
    }

    @Test("told to stop under load: requests in hand are answered, nothing new is taken, and the exit is clean")
    func stopped() async throws {
        try await Stage.run { stage, first in
            try await stage.control(stage.stripe("/_control/behaviour"), #"{"mode":"hang","hang_ms":4000,"count":5}"#)
            let load = PaymentLoad(stage: stage, cardEvery: nil)
            var gateway = first
            defer { gateway.send(SIGKILL) }
            try await load.run {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<5 { group.addTask { try await stage.createCard()["amount"]?.string == "240.00" ? 1 : 0 } }
                    let areAsked = try await waitUntil(.seconds(90)) { try await stage.requestsAtStripe() == 5 }
                    #expect(areAsked)
                    gateway.send(SIGTERM)
                    #expect(try await group.reduce(0, +) == 5)
                }
                #expect(try await gateway.end(within: .seconds(30)) == 0)
                gateway = try await stage.startGateway()
            }
            #expect(try await stage.balance("provider:stripe:clearing:THB", becomes: "1200.00"))
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("told to stop twice: it ends at once, and the charge in hand is resolved by the next gateway")
    func stoppedTwice() async throws {
        try await Stage.run { stage, first in
            try await stage.control(stage.stripe("/_control/behaviour"), #"{"mode":"hang","hang_ms":60000,"count":1}"#)
            let order = Task { try await stage.createCard() }
            #expect(try await waitUntil(.seconds(90)) { try await stage.requestsAtStripe() == 1 })
            first.send(SIGTERM)
            try await Task.sleep(for: .milliseconds(300))
            #expect(first.status == nil)
            first.send(SIGTERM)
            let end = try await first.end(within: .seconds(30))
            #expect(end == 1)
            await #expect(throws: (any Error).self) { try await order.value }
            let second = try await stage.startGateway()
            defer { second.send(SIGKILL) }
            #expect(try await stage.balance("provider:stripe:clearing:THB", becomes: "240.00", within: .seconds(120)))
            #expect(try await stage.booksAreRight())
        }
    }
}
