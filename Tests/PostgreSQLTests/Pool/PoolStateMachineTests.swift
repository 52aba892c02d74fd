import TestSupport
import Testing

@testable import PostgreSQL

@Suite("the pool's decisions")
struct PoolStateMachineTests {
    typealias Action = ConnectionPoolStateMachine.Action

    /// What happens to the machine.
    enum Event: Sendable {
        case request(Int)
        case withdraw(Int)
        case opened(Int)
        case failed
        case released(Int)
        case closed(Int)
        case tick(after: Duration)
        case close
    }

    struct Story: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var minimum = 0
        var maximum = 2
        var waitersMax = 3
        let steps: [(Event, [Action])]
    }

    private static func id(_ number: Int) -> ConnectionID { ConnectionID(number: number) }

    private static func lease(_ connection: Int, _ waiter: Int) -> Action { .lease(id(connection), to: waiter) }

    private static let stories: [Story] = [
        Story(
            testDescription: "a request opens a connection and gets it; the next gets it at once",
            steps: [
                (.request(1), [.open]), (.opened(7), [lease(7, 1)]), (.released(7), []), (.request(2), [lease(7, 2)]),
            ]
        ),
        Story(
            testDescription: "at the maximum requests wait, and are served in order",
            maximum: 1,
            steps: [
                (.request(1), [.open]), (.opened(7), [lease(7, 1)]), (.request(2), []), (.request(3), []), (.request(4), []),
                (.released(7), [lease(7, 2)]), (.released(7), [lease(7, 3)]), (.released(7), [lease(7, 4)]), (.released(7), []),
            ]
        ),
        Story(
            testDescription: "too many who wait are refused",
            maximum: 1,
            waitersMax: 1,
            steps: [
                (.request(1), [.open]), (.request(2), [.refuse(2)]), (.opened(7), [lease(7, 1)]), (.request(3), []),
                (.request(4), [.refuse(4)]),
            ]
        ),
        Story(
            testDescription: "who does not wait any longer is passed over",
            maximum: 1,
            steps: [
                (.request(1), [.open]), (.request(2), []), (.withdraw(1), []), (.opened(7), [lease(7, 2)]), (.withdraw(2), []),
                (.released(7), []),
            ]
        ),
        Story(
            testDescription: "the minimum is opened without a request, and again after a loss",
            minimum: 2,
            steps: [
                (.tick(after: .zero), [.open, .open]), (.tick(after: .zero), []), (.opened(7), []), (.opened(8), []), (.closed(7), [.open]),
            ]
        ),
        Story(
            testDescription: "a minimum above the maximum is the maximum",
            minimum: 9,
            steps: [(.tick(after: .zero), [.open, .open]), (.opened(7), []), (.opened(8), []), (.tick(after: .seconds(9)), [])]
        ),
        Story(
            testDescription: "a leased connection that is gone makes room for another",
            maximum: 1,
            steps: [
                (.request(1), [.open]), (.opened(7), [lease(7, 1)]), (.request(2), []), (.closed(7), [.open]), (.released(7), []),
                (.opened(8), [lease(8, 2)]),
            ]
        ),
        Story(
            testDescription: "after a failure the next opening waits, and then one tries for all",
            steps: [
                (.request(1), [.open]), (.request(2), [.open]), (.failed, []), (.failed, []), (.request(3), []),
                (.tick(after: .milliseconds(49)), []),
                (.tick(after: .milliseconds(300)), [.open]), (.tick(after: .seconds(9)), []), (.opened(7), [lease(7, 1)]),
                (.tick(after: .zero), [.open]),
            ]
        ),
        Story(
            testDescription: "a pool that is closed refuses and closes, also what comes back later",
            steps: [
                (.request(1), [.open]), (.opened(7), [lease(7, 1)]), (.request(2), [.open]), (.opened(8), [lease(8, 2)]),
                (.released(8), []),
                (.request(3), [lease(8, 3)]), (.request(4), []), (.released(8), [lease(8, 4)]), (.released(8), []),
                (.request(5), [lease(8, 5)]),
                (.request(6), []), (.close, [.refuse(6)]), (.released(7), [.close(id(7))]), (.request(8), [.refuse(8)]),
                (.tick(after: .seconds(9)), []), (.closed(8), []),
            ]
        ),
        Story(
            testDescription: "what was opening when the pool was closed is closed",
            steps: [(.request(1), [.open]), (.close, [.refuse(1)]), (.opened(7), [.close(id(7))])]
        ),
        Story(
            testDescription: "what was idle when the pool was closed is closed",
            minimum: 1,
            steps: [(.tick(after: .zero), [.open]), (.opened(7), []), (.close, [.close(id(7))]), (.closed(7), [])]
        ),
    ]

    @Test("follow from what happened", arguments: stories)
    func follow(story: Story) {
        var machine = ConnectionPoolStateMachine(minimum: story.minimum, maximum: story.maximum, waitersMax: story.waitersMax)
        var now = ContinuousClock.now
        var random = SeededRandom(seed: 1)
        for (index, (event, actions)) in story.steps.enumerated() {
            if case .tick(let pause) = event { now += pause }
            #expect(machine.perform(event, at: now, &random) == actions, "step \(index): \(event)")
        }
    }

    @Test("the pause after failures doubles from 50 ms to 2 s, with up to half of it by chance, and a success ends it")
    func backOff() {
        var machine = ConnectionPoolStateMachine(minimum: 1, maximum: 1, waitersMax: 1)
        var random = SeededRandom.printed("back-off")
        var now = ContinuousClock.now
        #expect(machine.tick(at: now) == [.open])
        for milliseconds in [50, 100, 200, 400, 800, 1600, 2000, 2000] {
            machine.failedToOpen(at: now, random: &random)
            #expect(machine.tick(at: now + .milliseconds(milliseconds) - .nanoseconds(1)).isEmpty, "\(milliseconds)")
            now += .milliseconds(milliseconds * 3 / 2)
            #expect(machine.tick(at: now) == [.open], "\(milliseconds)")
        }
        #expect(machine.opened(Self.id(1)).isEmpty)
        #expect(machine.closed(Self.id(1), at: now) == [.open])
        machine.failedToOpen(at: now, random: &random)
        #expect(machine.tick(at: now + .milliseconds(75)) == [.open])
    }

    @Test("whatever happens: the maximum is kept, each request is answered once and in order, and nothing gone is lent")
    func invariants() {
        var random = SeededRandom.printed("pool's decisions")
        for _ in 0..<200 {
            var model = PoolModel(maximum: Int.random(in: 1...4, using: &random), random: random)
            for _ in 0..<200 { model.step() }
            #expect(model.faults.isEmpty)
            _ = random.next()
        }
    }
}

extension ConnectionPoolStateMachine {
    fileprivate mutating func perform(
        _ event: PoolStateMachineTests.Event,
        at now: ContinuousClock.Instant,
        _ random: inout SeededRandom
    ) -> [Action] {
        switch event {
        case .request(let waiter): return request(waiter, at: now)
        case .withdraw(let waiter):
            _ = withdraw(waiter)
            return []
        case .opened(let number): return opened(ConnectionID(number: number))
        case .failed:
            failedToOpen(at: now, random: &random)
            return []
        case .released(let number): return released(ConnectionID(number: number))
        case .closed(let number): return closed(ConnectionID(number: number), at: now)
        case .tick: return tick(at: now)
        case .close: return close()
        }
    }
}
