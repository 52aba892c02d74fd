package import Payments

/// Notices when the machine's clock was set back, beside a clock that only goes on.
package struct ClockWatch: Sendable {
    private var lead: Duration?

    /// Clocks are corrected by less all the time.
    private static let slack = Duration.seconds(2)

    /// Has not looked yet.
    package init() {}

    /// How far the clock was set back since the last look; nil when it was not.
    package mutating func setBack(wall: Timestamp, steady: Timestamp) -> Duration? {
        let present = wall.since(steady)
        defer { lead = present }
        guard let lead, lead - present >= ClockWatch.slack else { return nil }
        return lead - present
    }
}
