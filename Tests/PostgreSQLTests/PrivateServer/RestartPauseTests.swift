import Testing

@testable import PostgreSQL

@Suite("the pause before a restart")
struct RestartPauseTests {
    @Test("it is nothing at first, doubles, and has an end")
    func grows() {
        var pause = RestartPause()
        var now = ContinuousClock.now
        var pauses: [Duration] = []
        for _ in 1...9 {
            let next = pause.pause(at: now)
            pauses.append(next)
            now += next + .seconds(1)
        }
        #expect(pauses == [0, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000].map(Duration.milliseconds))
    }

    @Test("after a healthy minute it begins again")
    func beginsAgain() {
        var pause = RestartPause()
        let now = ContinuousClock.now
        #expect(pause.pause(at: now) == .zero)
        #expect(pause.pause(at: now + .seconds(1)) == .milliseconds(500))
        #expect(pause.pause(at: now + .seconds(120)) == .zero)
    }
}
