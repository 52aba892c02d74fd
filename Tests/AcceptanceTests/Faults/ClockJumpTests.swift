import Foundation
import StrictJSON
import TestSupport
import Testing

/// Scenario 29: the clock of the gateway's machine jumps, while providers, customers and the database know the right time.
@Suite("When the clock jumps", .timeLimit(.minutes(10)))
struct ClockJumpTests {
    private static let hour = 3600

    private static func run(_ body: @Sendable (Stage, FakeClock) async throws -> Void) async throws {
        try await Seats.shared.occupy {
            let clock = try FakeClock()
            let stage = try Stage(database: try await TestDatabase.empty().connectionString)
            let around = try await stage.startSimulators()
            defer { around.send(SIGKILL) }
            let gateway = try await stage.startGateway(clock: clock)
            // The gateway is a child of the program that gives it the clock, in the same group.
            defer { kill(-gateway.pid, SIGKILL) }
            try await body(stage, clock)
        }
    }

    /// A bank's confirmation that the charge was paid at this moment, signed by a clock that is wrong by so many seconds.
    private static func confirm(_ charge: JSONValue, _ stage: Stage, clock: Int = 0) async throws -> Int {
        let paidAt = SuspenseTests.bangkokNow()
        let body = Stage.confirmation(reference: charge["provider_reference"]?.string ?? "", amount: "150.00", paidAt: paidAt)
        return try await stage.postBank(body, age: -clock).status
    }

    @Test(
        "signatures are judged by it, payments by the bank's time, ids stay unique, and once it is right nothing waits for the lost hour",
        .enabled(if: FakeClock.isAvailable, "faketime is not installed"),
        arguments: [hour, -hour]
    )
    func jump(seconds: Int) async throws {
        try await Self.run { stage, clock in
            let before = try await stage.createPromptPay(expiresIn: 3 * Self.hour)
            let cardBefore = try await stage.createCard()
            try clock.jump(to: seconds)
            // To this clock the bank signs an hour too early or too late.
            #expect(try await Self.confirm(before, stage) == 400)
            let during = try await stage.createPromptPay(expiresIn: 3 * Self.hour)
            let cardDuring = try await stage.createCard()
            #expect(try await Self.confirm(during, stage, clock: seconds) == 200)
            // The order core refuses what is signed by a wrong clock, so that this waits for another attempt.
            let isRefused = try await waitUntil(.seconds(60)) {
                let waiting = try await stage.get("/v1/notifications?status=pending&limit=100").json["data"]?.array ?? []
                return waiting.contains { $0["last_status"]?.int64 == 401 }
            }
            #expect(isRefused)
            try await Task.sleep(for: .seconds(1))
            try clock.jump(to: 0)
            #expect(try await Self.confirm(before, stage) == 200)
            let after = try await stage.createPromptPay(expiresIn: 3 * Self.hour)
            #expect(try await Self.confirm(after, stage) == 200)
            let cardAfter = try await stage.createCard()

            let charges = [before, during, after, cardBefore, cardDuring, cardAfter]
            for charge in charges { _ = try await stage.charge(charge["id"]?.string, becomes: "succeeded", within: .seconds(60)) }
            #expect(Set(charges.compactMap { $0["id"]?.string }).count == charges.count)
            for charge in charges {
                let isTold = try await waitUntil(.seconds(60)) {
                    try await stage.types(of: charge["id"]?.string).contains("charge.succeeded")
                }
                #expect(isTold, "\(charge["id"]?.string ?? "")")
            }
            #expect(try await stage.booksAreRight())
        }
    }
}
