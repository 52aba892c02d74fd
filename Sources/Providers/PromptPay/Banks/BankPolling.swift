import Payments

/// When an open charge is asked about whose confirmation has not come: soon at first, then less and less often, and a last time some
/// minutes after its end, for what was paid in the last moment or too late.
///
/// SCB sends a confirmation four times within 36 seconds and then never again, so an outage of minutes loses it.
enum BankPolling {
    /// The first look, after the charge was made.
    static let first = Duration.seconds(15)
    private static let early: [Duration] = [.seconds(15), .seconds(45), .seconds(105), .seconds(225), .seconds(525)]
    private static let usual = Duration.seconds(300)
    private static let afterEnd = Duration.seconds(300)

    /// How long to wait from `now` for the next look; nil when there is none any more.
    static func wait(for charge: Charge, at now: Timestamp) -> Duration? {
        let age = now.since(charge.createdAt)
        guard let expiresAt = charge.order.expiresAt else { return next(after: age) - age }
        let end = expiresAt.since(charge.createdAt)
        if age < end {
            let next = next(after: age)
            if next < end { return next - age }
        }
        let last = end + afterEnd
        return age < last ? last - age : nil
    }

    private static func next(after age: Duration) -> Duration {
        if let early = early.first(where: { $0 > age }) { return early }
        let begun = Duration.seconds(525)
        let rounds = (age - begun).components.seconds / usual.components.seconds + 1
        return begun + usual * Int(rounds)
    }
}
