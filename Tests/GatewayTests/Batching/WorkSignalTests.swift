import Testing

@testable import Gateway

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
}
