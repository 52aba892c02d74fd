/// A zone in which a provider counts its days.
///
/// There is no database of zones here: only those that our providers name, by their own rule.
package enum BusinessZone: String, Sendable, Hashable, CaseIterable {
    case utc = "UTC"
    case bangkok = "Asia/Bangkok"
    case singapore = "Asia/Singapore"
    case tokyo = "Asia/Tokyo"
    case losAngeles = "America/Los_Angeles"

    /// Seconds that the zone's clock is ahead of UTC at an instant; negative in the west.
    package func offsetSeconds(at instant: Timestamp) -> Int64 {
        switch self {
        case .utc: 0
        case .bangkok: 7 * 3600
        case .singapore: 8 * 3600
        case .tokyo: 9 * 3600
        case .losAngeles: BusinessZone.isPacificSummer(instant) ? -7 * 3600 : -8 * 3600
        }
    }

    /// 15 USC 260a, since 2007: from the second Sunday of March to the first of November, each at two o'clock of the clock in force.
    private static func isPacificSummer(_ instant: Timestamp) -> Bool {
        let year = instant.civilDate.year
        guard let march = CivilDate(year: year, month: 3, day: 8), let november = CivilDate(year: year, month: 11, day: 1) else {
            return false
        }
        let begin = sunday(onOrAfter: march).start.advanced(by: .seconds(10 * 3600))
        let end = sunday(onOrAfter: november).start.advanced(by: .seconds(9 * 3600))
        return begin <= instant && instant < end
    }

    private static func sunday(onOrAfter date: CivilDate) -> CivilDate {
        // 1970 began on a Thursday.
        let weekday = (date.daysSince1970 % 7 + 11) % 7
        return date.advanced(byDays: (7 - weekday) % 7)
    }
}
