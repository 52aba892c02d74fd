import HTTPTypes
import Logging
import Payments
import Providers
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("a provider's circuit breaker")
struct CircuitBreakerTests {
    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    private static let limits = CircuitBreaker.Limits(
        failures: 3,
        window: .seconds(10),
        pause: .seconds(5),
        pauseMax: .seconds(12),
        probeTime: .seconds(30)
    )

    private static func broken(at seconds: Int64 = 0) -> CircuitBreaker {
        var breaker = CircuitBreaker(limits: limits)
        for _ in 0..<3 { breaker.fail(at: at(seconds)) }
        return breaker
    }

    @Test("it opens after enough failures within the window, and not when they are spread out")
    func opening() {
        var breaker = CircuitBreaker(limits: Self.limits)
        for second in [0, 5, 10, 15, 20] as [Int64] { breaker.fail(at: Self.at(second)) }
        #expect(breaker.state.name == "closed" && breaker.admit(at: Self.at(20)) == .goes)
        breaker.fail(at: Self.at(21))
        #expect(breaker.admit(at: Self.at(21)) == .waits(until: Self.at(26)))
    }

    @Test("good answers in between do not hide a provider that fails half of the time")
    func mixed() {
        var breaker = CircuitBreaker(limits: Self.limits)
        for second in [0, 1, 2] as [Int64] {
            breaker.succeed()
            breaker.fail(at: Self.at(second))
        }
        #expect(breaker.state.name == "open")
    }

    @Test("after the pause one request probes, and the others wait for its outcome")
    func probing() {
        var breaker = Self.broken()
        #expect(breaker.admit(at: Self.at(4)) == .waits(until: Self.at(5)))
        #expect(breaker.admit(at: Self.at(5)) == .goes && breaker.state.name == "half_open")
        #expect(breaker.admit(at: Self.at(6)) == .waits(until: Self.at(35)))
        breaker.succeed()
        #expect(breaker.state == .closed(failures: []) && breaker.admit(at: Self.at(6)) == .goes)
    }

    @Test("what waits is put off to the end of the pause, and while somebody probes for a second only")
    func puttingOff() {
        var breaker = CircuitBreaker(limits: Self.limits)
        #expect(breaker.pause(at: Self.at(0)) == nil)
        breaker = Self.broken()
        #expect(breaker.pause(at: Self.at(2)) == .seconds(3) && breaker.pause(at: Self.at(5)) == nil)
        #expect(breaker.admit(at: Self.at(5)) == .goes)
        #expect(breaker.pause(at: Self.at(6)) == .seconds(1) && breaker.pause(at: Self.at(35)) == nil)
        breaker.succeed()
        #expect(breaker.pause(at: Self.at(6)) == nil)
    }

    @Test("each failed probe doubles the pause, up to a limit")
    func pauses() {
        var breaker = Self.broken()
        var now: Int64 = 5
        for pause in [10, 12, 12] as [Int64] {
            #expect(breaker.admit(at: Self.at(now)) == .goes)
            breaker.fail(at: Self.at(now))
            #expect(breaker.admit(at: Self.at(now)) == .waits(until: Self.at(now + pause)))
            now += pause
        }
    }

    @Test("a probe that never tells its outcome is given up for lost")
    func lostProbe() {
        var breaker = Self.broken()
        #expect(breaker.admit(at: Self.at(5)) == .goes)
        #expect(breaker.admit(at: Self.at(35)) == .goes && breaker.state.name == "half_open")
    }

    @Test("requests that left before it opened change nothing when they come back")
    func stragglers() {
        var breaker = Self.broken()
        let before = breaker.state
        breaker.succeed()
        breaker.fail(at: Self.at(1))
        #expect(breaker.state == before)
    }

    @Test("whatever happens, at most one request is out while it is not closed, and after a success it is closed")
    func property() {
        var random = SeededRandom.printed("circuit breaker")
        for _ in 0..<200 {
            var breaker = CircuitBreaker(limits: Self.limits)
            var now: Int64 = 0
            for _ in 0..<200 {
                now += Int64.random(in: 0...8, using: &random)
                let wasClosed = breaker.state.name == "closed"
                guard breaker.admit(at: Self.at(now)) == .goes else {
                    #expect(!wasClosed)
                    continue
                }
                if !wasClosed { #expect(breaker.admit(at: Self.at(now)) != .goes) }
                if Bool.random(using: &random) {
                    breaker.succeed()
                    #expect(breaker.state.name == "closed")
                } else {
                    breaker.fail(at: Self.at(now))
                    if !wasClosed { #expect(breaker.state.name == "open") }
                }
            }
        }
    }

    private final class Script: Sendable {
        let sent = Mutex(0)
        let clock = Mutex<Int64>(0)
        let answer = Mutex(ProviderAnswer.answered(status: 503, headers: [:], body: []))
    }

    @Test("nothing is sent to a provider that fails, the others go on, and declines open nothing")
    func guarding() async {
        let script = Script()
        let breakers = ProviderBreakers(limits: Self.limits, logger: Logger(label: "test")) { Self.at(script.clock.withLock { $0 }) }
        let send = breakers.guarding(.stripe) { _ in
            script.sent.withLock { $0 += 1 }
            return script.answer.withLock { $0 }
        }
        let request = ProviderRequest(method: .get, url: "http://stripe.example", headers: [:])
        for _ in 0..<20 { _ = await send(request) }
        #expect(script.sent.withLock { $0 } == 3 && breakers.waiting == [.stripe] && breakers.pause(for: .crypto) == nil)
        #expect(await send(request) == .notSent(reason: "the provider's circuit is open"))
        script.clock.withLock { $0 = 5 }
        script.answer.withLock { $0 = .answered(status: 402, headers: [:], body: []) }
        for _ in 0..<20 { _ = await send(request) }
        #expect(script.sent.withLock { $0 } == 23 && breakers.states[.stripe]?.name == "closed")
    }

    @Test("waits have jitter, the asked ones only upwards")
    func jitter() {
        var random = SeededRandom.printed("waits")
        var waits: Set<Duration> = []
        for _ in 0..<200 {
            let wait = ProviderCallSchedule.delay(afterAttempts: 1, asked: .seconds(60), random: &random)
            #expect(wait >= .seconds(60) && wait <= .seconds(72))
            waits.insert(wait)
            let own = ProviderCallSchedule.delay(afterAttempts: 3, asked: nil, random: &random)
            #expect(own >= .milliseconds(3200) && own <= .milliseconds(4800))
        }
        #expect(waits.count > 10)
    }
}
