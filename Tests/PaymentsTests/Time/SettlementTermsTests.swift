import Payments
import StrictJSON
import TestSupport
import Testing

@Suite("Days of business and of the bank")
struct SettlementTermsTests {
    @Test("every vector: Bangkok's date, and the bank's with its cut-off at 23:00")
    func vectors() throws {
        let file = try JSONValue.parse(Fixture.bytes("providers/promptpay/vectors.json"), policy: .provider)
        let vectors = file["time"]?["instants"]?.array ?? []
        #expect(vectors.count >= 7)
        let terms = SettlementTerms(delayDays: 0, cutOffMinutes: 23 * 60, zone: .bangkok)
        for vector in vectors {
            let text = vector["utc"]?.string ?? ""
            let instant = try #require(Timestamp(rfc3339: text))
            #expect(terms.businessDate(of: instant).iso8601 == vector["business_date"]?.string, "\(text)")
            #expect(terms.bankDate(of: instant).iso8601 == vector["bank_date_with_2300_cutoff"]?.string, "\(text)")
        }
    }

    @Test("without a cut-off the day ends at midnight of the zone", arguments: BusinessZone.allCases)
    func midnight(zone: BusinessZone) throws {
        let terms = SettlementTerms(delayDays: 1, cutOffMinutes: nil, zone: zone)
        let newYear = try #require(CivilDate(iso8601: "2027-01-01")).start
        let midnight = newYear.advanced(by: .seconds(-zone.offsetSeconds(at: newYear)))
        #expect(terms.bankDate(of: midnight).iso8601 == "2027-01-01")
        #expect(terms.bankDate(of: midnight.advanced(by: .microseconds(-1))).iso8601 == "2026-12-31")
        #expect(terms.settlementDate(of: midnight).iso8601 == "2027-01-02")
    }

    @Test(
        "Los Angeles sets its clock on the second Sunday of March and the first of November",
        arguments: [
            ("2026-03-08T09:59:59Z", -8), ("2026-03-08T10:00:00Z", -7), ("2026-11-01T08:59:59Z", -7), ("2026-11-01T09:00:00Z", -8),
            ("2027-03-14T09:59:59Z", -8), ("2027-03-14T10:00:00Z", -7), ("2027-11-07T08:59:59Z", -7), ("2027-11-07T09:00:00Z", -8),
            ("2026-01-01T00:00:00Z", -8), ("2026-07-01T00:00:00Z", -7), ("2026-12-31T23:59:59Z", -8),
        ]
    )
    func losAngeles(text: String, hours: Int64) throws {
        let instant = try #require(Timestamp(rfc3339: text))
        #expect(BusinessZone.losAngeles.offsetSeconds(at: instant) == hours * 3600)
    }
}
