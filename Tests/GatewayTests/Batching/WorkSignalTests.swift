import Synchronization
import TestSupport
import Testing

@testable import Gateway

/// Counts what tasks did.
private final class Count: Sendable {
    private let state = Mutex(0)

    var count: Int { state.withLock { $0 } }

    func add() { state.withLock { $0 += 1 } }
}

@Suite("Signal that there is work")
struct WorkSignalTests {
    @Test("a signal that came before the wait ends it at once, and only one wait")
    func before() async {
        let signal = WorkSignal()
        signal.raise()
        signal.raise()
        let began = ContinuousClock.now
        await signal.wait(atMost: .seconds(600))
        #expect(ContinuousClock.now - began < .seconds(300))
        await signal.wait(atMost: .milliseconds(50))
        #expect(ContinuousClock.now - began >= .milliseconds(50))
    }

    @Test("a signal during the wait ends it, and a cancelled task does not wait")
    func during() async {
        let signal = WorkSignal()
        let began = ContinuousClock.now
        async let waiting: Void = signal.wait(atMost: .seconds(600))
        try? await Task.sleep(for: .milliseconds(20))
        signal.raise()
        await waiting
        let cancelled = Task { await signal.wait(atMost: .seconds(600)) }
        cancelled.cancel()
        await cancelled.value
        #expect(ContinuousClock.now - began < .seconds(300))
    }

    @Test("of several that wait, every one that is cancelled ends, whenever the others do")
    func several() async throws {
        for round in 0..<300 {
            let signal = WorkSignal()
            let ended = Count()
            let workers = (0..<3).map { _ in
                Task {
                    while !Task.isCancelled { await signal.wait(atMost: .seconds(600)) }
                    ended.add()
                }
            }
            for _ in 0..<(round % 40) { await Task.yield() }
            for worker in workers { worker.cancel() }
            try #require(await waitUntil(.seconds(60)) { ended.count == 3 }, "round \(round)")
        }
    }
}
