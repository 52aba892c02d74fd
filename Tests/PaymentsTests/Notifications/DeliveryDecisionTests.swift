import Payments
import TestSupport
import Testing

@Suite("Delivery of notifications")
struct DeliveryDecisionTests {
    @Test("only 2xx is success", arguments: [200, 201, 204, 299])
    func success(status: Int) {
        var random = SeededRandom.printed("delivery")
        #expect(DeliveryDecision.after(.answered(status: status, retryAfter: nil), attempts: 1, random: &random) == .delivered)
    }

    @Test("everything else is tried again", arguments: [100, 301, 302, 400, 404, 429, 500, 503])
    func failure(status: Int) {
        var random = SeededRandom.printed("delivery")
        guard case .retry(let delay) = DeliveryDecision.after(.answered(status: status, retryAfter: nil), attempts: 1, random: &random)
        else {
            Issue.record("not retried")
            return
        }
        #expect(delay >= .seconds(4) && delay <= .seconds(6))
    }

    @Test("410 pauses the endpoint")
    func gone() {
        var random = SeededRandom.printed("delivery")
        #expect(DeliveryDecision.after(.answered(status: 410, retryAfter: nil), attempts: 1, random: &random) == .pauseEndpoint)
    }

    @Test("Retry-After is honoured, up to a day")
    func retryAfter() {
        var random = SeededRandom.printed("delivery")
        let hour = DeliveryDecision.after(.answered(status: 429, retryAfter: .seconds(3600)), attempts: 1, random: &random)
        #expect(hour == .retry(after: .seconds(3600)))
        let week = DeliveryDecision.after(.answered(status: 503, retryAfter: .seconds(604_800)), attempts: 1, random: &random)
        #expect(week == .retry(after: .seconds(86_400)))
    }

    @Test("the delays grow over about three days and then end")
    func schedule() {
        #expect(zip(DeliverySchedule.delays, DeliverySchedule.delays.dropFirst()).allSatisfy { $0 < $1 })
        let total = DeliverySchedule.delays.reduce(.zero, +)
        #expect(total > .seconds(70 * 3600) && total < .seconds(80 * 3600))
        var random = SeededRandom.printed("delivery")
        let last = DeliveryDecision.after(.failed(reason: "reset"), attempts: DeliverySchedule.attemptLimit, random: &random)
        #expect(last == .deadLetter)
    }
}
