import Payments
import StrictJSON
import TestSupport
import Testing

@Suite("Fees")
struct FeeScheduleTests {
    private static let money =
        (try? JSONValue.parse(Fixture.bytes("providers/promptpay/vectors.json"), policy: .provider)["money"]) ?? .null

    private static func thb(_ satang: Int64) -> Amount { Amount(minorUnits: Int128(satang), asset: .thb) }

    private static func schedule(_ rate: String, _ rounding: RoundingRule) throws -> FeeSchedule {
        FeeSchedule(
            rate: try #require(Percentage(rate)),
            fixed: nil,
            vat: try #require(Percentage("7")),
            rounding: rounding
        )
    }

    @Test("every vector, by both rules", arguments: [RoundingRule.halfUp, .halfEven])
    func vectors(rounding: RoundingRule) throws {
        let vectors = Self.money["fees"]?.array ?? []
        #expect(vectors.count >= 10)
        for vector in vectors {
            let name = vector["id"]?.string ?? ""
            let schedule = try Self.schedule(vector["rate_percent"]?.string ?? "", rounding)
            let expected = try #require(vector[rounding.rawValue])
            let breakdown = try #require(schedule.fee(on: Self.thb(vector["gross"]?.int64 ?? 0)))
            #expect(breakdown.fee == Self.thb(expected["fee"]?.int64 ?? -1), "\(name)")
            #expect(breakdown.vat == Self.thb(expected["vat"]?.int64 ?? -1), "\(name)")
            #expect(breakdown.net == Self.thb(expected["net"]?.int64 ?? -1), "\(name)")
        }
    }

    @Test("a fee that holds its VAT is taken apart")
    func included() throws {
        let vector = try #require(Self.money["vat_inclusive"])
        let schedule = FeeSchedule(
            rate: .zero,
            fixed: Self.thb(vector["inclusive"]?.int64 ?? 0),
            vat: try #require(Percentage("7")),
            includesVAT: true,
            rounding: .halfUp
        )
        let breakdown = try #require(schedule.fee(on: Self.thb(100_000)))
        #expect(breakdown.fee == Self.thb(vector["fee"]?.int64 ?? -1) && breakdown.vat == Self.thb(vector["vat"]?.int64 ?? -1))
        #expect(breakdown.net == Self.thb(97_000))
    }

    @Test("withholding tax is a share of the fee before VAT, and a sum of VAT is not the VAT of a sum")
    func shares() throws {
        let withheld = try #require(Self.money["withholding"])
        let share = try #require(Percentage("3")).share(of: Int128(withheld["fee"]?.int64 ?? 0), .halfUp)
        #expect(share == withheld["wht_3_percent_of_fee_before_vat"]?.int64.map { Int128($0) })
        let lines = try #require(Self.money["per_line_or_per_sum"])
        let vat = try #require(Percentage("7"))
        #expect(vat.share(of: 7, .halfUp) == lines["vat_per_line"]?.int64.map { Int128($0) })
        #expect(vat.share(of: 700, .halfUp) == lines["vat_of_sum"]?.int64.map { Int128($0) })
    }

    @Test("fee, VAT and net always make the gross, to the last minor unit, and halves are rounded by the rule")
    func properties() throws {
        var random = SeededRandom.printed("fees")
        for _ in 0..<5000 {
            let rounding = RoundingRule.allCases.randomElement(using: &random) ?? .halfUp
            let rate = "\(Int.random(in: 0...99, using: &random)).\(Int.random(in: 10...99, using: &random))"
            let fixed = Int64.random(in: 0...2000, using: &random)
            let vat = ["0", "7", "20"].randomElement(using: &random) ?? "7"
            let schedule = FeeSchedule(
                rate: try #require(Percentage(rate)),
                fixed: Self.thb(fixed),
                vat: try #require(Percentage(vat)),
                includesVAT: Bool.random(using: &random),
                rounding: rounding
            )
            let gross = Self.thb(Int64.random(in: 0...1_000_000_000_000, using: &random))
            let breakdown = try #require(schedule.fee(on: gross))
            let sum = breakdown.fee.minorUnits + breakdown.vat.minorUnits + breakdown.net.minorUnits
            #expect(sum == gross.minorUnits && breakdown.fee.minorUnits >= 0 && breakdown.vat.minorUnits >= 0)
        }
        let half = try #require(Percentage("50"))
        #expect([RoundingRule.halfUp, .halfEven, .down, .up].map { half.share(of: 5, $0) } == [3, 2, 2, 3])
        #expect([RoundingRule.halfUp, .halfEven, .down, .up].map { half.share(of: 7, $0) } == [4, 4, 3, 4])
        #expect([RoundingRule.halfUp, .halfEven, .down, .up].map { half.share(of: -5, $0) } == [-3, -2, -2, -3])
        #expect(half.share(of: .max, .halfUp) == nil)
    }

    @Test(
        "percentages are plain decimals",
        arguments: ["", ".", "1.", ".5", "-1", "+1", "1e1", "100.000001", "1.0000001", "๗", "1 ", "1000"]
    )
    func refused(text: String) {
        #expect(Percentage(text) == nil)
    }

    @Test("amounts of 18 decimals are counted exactly")
    func wei() throws {
        let gross = try Amount(decimal: "1000000.000000000000000001", asset: .eth)
        let breakdown = try #require(try Self.schedule("0.5", .down).fee(on: gross))
        #expect(breakdown.fee.decimal == "5000.000000000000000000" && breakdown.vat.decimal == "350.000000000000000000")
    }
}
