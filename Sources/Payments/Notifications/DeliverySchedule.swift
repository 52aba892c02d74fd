/// When a notification that was not accepted is sent again.
///
/// Standard Webhooks, section "Deliverability and reliability": growing delays with jitter over about three days; here 75.7 hours.
package enum DeliverySchedule {
    /// The wait after the first, second, … failed attempt, before jitter.
    package static let delays: [Duration] = [
        .seconds(5), .seconds(30), .seconds(2 * 60), .seconds(10 * 60), .seconds(30 * 60), .seconds(2 * 3600), .seconds(5 * 3600),
        .seconds(10 * 3600), .seconds(14 * 3600), .seconds(20 * 3600), .seconds(24 * 3600),
    ]

    /// Attempts made before a notification is dead-lettered.
    package static var attemptLimit: Int { delays.count + 1 }

    /// The wait after `attempts` failed attempts, or nil when it is time to give up.
    ///
    /// The delay is drawn from 80 to 120 per cent of the table's, so that a crowd of waiting notifications does not return at one instant.
    package static func delay(afterAttempts attempts: Int, random: inout some RandomNumberGenerator) -> Duration? {
        guard attempts >= 1, attempts <= delays.count else { return nil }
        let percent = Int.random(in: 80...120, using: &random)
        return delays[attempts - 1] * percent / 100
    }
}
