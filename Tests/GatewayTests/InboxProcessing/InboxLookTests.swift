import Testing

@testable import Gateway

@Suite("When the inbox is looked into")
struct InboxLookTests {
    private let start = ContinuousClock.now

    @Test("at once, then after the interval, and without a pause while there is more")
    func interval() {
        var look = InboxLook(interval: .milliseconds(500), at: start)
        #expect(look.isDue(at: start))
        look.hasFound(3, of: 10, at: start)
        #expect(!look.isDue(at: start.advanced(by: .milliseconds(499))))
        #expect(look.isDue(at: start.advanced(by: .milliseconds(500))))
        look.hasFound(10, of: 10, at: start)
        #expect(look.isDue(at: start))
    }

    @Test("at once when events are only there")
    func hurry() {
        var look = InboxLook(interval: .milliseconds(500), at: start)
        look.hasFound(0, of: 10, at: start)
        look.hurry(at: start)
        #expect(look.isDue(at: start))
    }
}
