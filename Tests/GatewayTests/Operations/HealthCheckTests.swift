import Gateway
import Testing

@Suite("Whether a gateway should get requests")
struct HealthCheckTests {
    @Test("a database that lacked room keeps requests away for ten seconds, and not for ever")
    func shortage() {
        let now = ContinuousClock.now
        #expect(!HealthCheck.isShort(last: nil, now: now))
        #expect(HealthCheck.isShort(last: now, now: now))
        #expect(HealthCheck.isShort(last: now - .milliseconds(9_999), now: now))
        #expect(!HealthCheck.isShort(last: now - .seconds(10), now: now))
    }
}
