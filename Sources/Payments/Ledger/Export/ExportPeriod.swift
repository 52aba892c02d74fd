/// Which entries an export holds, by the time they were posted.
///
/// The time of posting decides and not the time of the event, so that a fact told late does not change a period that was exported before.
package struct ExportPeriod: Sendable, Hashable {
    /// The first instant of the period; nil is the beginning of the books.
    package let from: Timestamp?
    /// The first instant after the period; nil is the present.
    package let to: Timestamp?

    /// Makes a period; nil when it would end before it begins, or hold no instant.
    package init?(from: Timestamp?, to: Timestamp?) {
        if let from, let to, from >= to { return nil }
        self.from = from
        self.to = to
    }
}

/// What is told once, before everything else.
package struct ExportHeading: Sendable, Hashable {
    /// What was asked for.
    package let period: ExportPeriod
    /// The assets of all accounts, in the order of their codes.
    package let assets: [Asset]
    /// The day in UTC on which accounts and opening balances are entered.
    package let firstDay: CivilDate
    /// The day in UTC at whose end the closing balances stand.
    package let lastDay: CivilDate

    /// Finds the days: the period's own where it has ends, otherwise those of its first and last entry, otherwise today.
    package init(period: ExportPeriod, assets: [Asset], firstPosted: Timestamp?, lastPosted: Timestamp?, now: Timestamp) {
        self.period = period
        self.assets = assets.sorted { $0.code < $1.code }
        let lastInstant = period.to.map { Timestamp(microseconds: $0.microseconds - 1) }
        let first = (period.from ?? firstPosted ?? lastInstant ?? now).civilDate
        let last = (lastInstant ?? lastPosted ?? now).civilDate
        firstDay = first
        lastDay = last.daysSince1970 < first.daysSince1970 ? first : last
    }
}
