/// When a provider's money of a day reaches our bank, and which day that is.
package struct SettlementTerms: Sendable, Hashable {
    /// Days from the day of the payment to that of the settlement.
    package let delayDays: Int64
    /// Payments from this time of the day on belong to the next; nil where the day ends at midnight.
    package let cutOffMinutes: Int64?
    package let zone: BusinessZone

    /// Describes terms; a cut-off is a minute of the day, 1 to 1439.
    package init(delayDays: Int64, cutOffMinutes: Int64?, zone: BusinessZone) {
        self.delayDays = delayDays
        self.cutOffMinutes = cutOffMinutes
        self.zone = zone
    }

    /// The day of the calendar on which an instant lies, in the provider's zone.
    package func businessDate(of instant: Timestamp) -> CivilDate {
        local(instant).civilDate
    }

    /// The day to which the provider counts a payment: the next one after the cut-off.
    package func bankDate(of instant: Timestamp) -> CivilDate {
        let date = businessDate(of: instant)
        guard let cutOffMinutes else { return date }
        let isAfter = local(instant).since(date.start) >= .seconds(cutOffMinutes * 60)
        return isAfter ? date.advanced(byDays: 1) : date
    }

    /// The day on which the money of a payment is settled; weekends and holidays are not known here.
    package func settlementDate(of instant: Timestamp) -> CivilDate {
        bankDate(of: instant).advanced(byDays: delayDays)
    }

    /// What the zone's clock shows, as if it were UTC's.
    private func local(_ instant: Timestamp) -> Timestamp {
        instant.advanced(by: .seconds(zone.offsetSeconds(at: instant)))
    }
}
