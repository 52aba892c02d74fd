import Payments
import Testing

@Suite("Periods of exports")
struct ExportPeriodTests {
    private static let day: Int64 = 86_400
    private static let noon = Timestamp(seconds: 1_795_435_200)  // 2026-11-23T12:00:00Z

    private static func days(from: Timestamp? = nil, to: Timestamp? = nil, entries: [Timestamp] = []) throws -> [String] {
        let heading = ExportHeading(
            period: try #require(ExportPeriod(from: from, to: to)),
            assets: [],
            firstPosted: entries.min(),
            lastPosted: entries.max(),
            now: noon
        )
        return [heading.firstDay.iso8601, heading.lastDay.iso8601]
    }

    @Test("a period ends after it begins")
    func order() {
        #expect(ExportPeriod(from: Self.noon, to: Self.noon) == nil)
        #expect(ExportPeriod(from: Self.noon, to: Timestamp(microseconds: Self.noon.microseconds + 1)) != nil)
    }

    @Test("its days are its own, else those of the entries, else today")
    func days() throws {
        #expect(try Self.days() == ["2026-11-23", "2026-11-23"])
        #expect(try Self.days(entries: [Timestamp(seconds: -1), Self.noon]) == ["1969-12-31", "2026-11-23"])
        let month = (from: try #require(CivilDate(iso8601: "2026-11-01")).start, to: try #require(CivilDate(iso8601: "2026-12-01")).start)
        #expect(try Self.days(from: month.from, to: month.to, entries: [Self.noon]) == ["2026-11-01", "2026-11-30"])
        #expect(try Self.days(to: Timestamp(seconds: 1)) == ["1970-01-01", "1970-01-01"])
        #expect(try Self.days(from: try #require(CivilDate(iso8601: "2027-01-01")).start) == ["2027-01-01", "2027-01-01"])
    }

    @Test(
        "days are read in one spelling",
        arguments: ["2026-02-29", "2026-1-01", "2026-11-1 ", "26-11-01", "2026/11/01", "2026-11-011", "+026-11-01", "２026-11-01", ""]
    )
    func refused(text: String) {
        #expect(CivilDate(iso8601: text) == nil)
    }

    @Test("days go there and back", arguments: [-719_528, -1, 0, 59, 20_780, 2_932_896] as [Int64])
    func roundTrip(days: Int64) throws {
        let date = CivilDate(daysSince1970: days)
        #expect(CivilDate(iso8601: date.iso8601) == date)
        #expect(date.start.civilDate == date && Timestamp(microseconds: date.start.microseconds - 1).civilDate == date.advanced(byDays: -1))
    }
}
