import Payments
import Testing

@Suite("Amount")
struct AmountTests {
    @Test(
        "decimal strings are read exactly",
        arguments: [
            ("150.00", "THB", 15000), ("150", "THB", 15000), ("150.5", "THB", 15050), ("0.01", "THB", 1), ("0", "THB", 0),
            ("0.00", "THB", 0),
            ("500", "JPY", 500), ("1.234", "KWD", 1234), ("0.00000001", "BTC", 1), ("1", "USDT", 1_000_000),
            ("170.000000000000000001", "ETH", Int128(170_000_000_000_000_000) * 1000 + 1),
        ] as [(String, String, Int128)]
    )
    func reads(text: String, code: String, minorUnits: Int128) throws {
        let asset = try #require(Asset(code: code))
        #expect(try Amount(decimal: text, asset: asset).minorUnits == minorUnits)
    }

    @Test(
        "what is not a plain decimal is refused",
        arguments: [
            "", ".", "1.", ".5", "+1", "-1", "1e2", "1,000.00", " 1", "1 ", "01", "00", "00.5", "1.2.3", "๘๐", "１", "NaN", "0x1", "1_0",
        ]
    )
    func refusesSyntax(text: String) {
        #expect(throws: AmountError.syntax) { try Amount(decimal: text, asset: .thb) }
    }

    @Test(
        "more fraction digits than the asset has are refused, even zeros",
        arguments: [("1.005", "THB"), ("1.000", "THB"), ("1.0", "JPY")]
    )
    func refusesPrecision(text: String, code: String) throws {
        let asset = try #require(Asset(code: code))
        #expect(throws: AmountError.tooPrecise) { try Amount(decimal: text, asset: asset) }
    }

    @Test("the largest counter is read, one more overflows")
    func overflow() throws {
        let largest = String(Int128.max)
        #expect(try Amount(decimal: largest, asset: .jpy).minorUnits == .max)
        let more = "170141183460469231731687303715884105728"
        #expect(throws: AmountError.overflow) { try Amount(decimal: more, asset: .jpy) }
        #expect(throws: AmountError.overflow) { try Amount(decimal: largest, asset: .thb) }
    }

    @Test("printing and reading are inverse", arguments: [0, 1, 2, 3, 6, 8, 18])
    func roundTrip(exponent: Int) throws {
        let code = try #require(Asset.knownCodes.first { Asset(code: $0)?.exponent == exponent } ?? (exponent == 1 ? "JPY" : nil))
        let asset = try #require(Asset(code: code))
        for minorUnits in [0, 1, 9, 10, 99, 100, 12345, 1_000_000, Int128.max / 10] {
            let amount = Amount(minorUnits: minorUnits, asset: asset)
            #expect(try Amount(decimal: amount.decimal, asset: asset) == amount)
        }
    }

    @Test("negative amounts print their sign before the padding")
    func negative() {
        #expect(Amount(minorUnits: -5, asset: .thb).decimal == "-0.05")
        #expect(Amount(minorUnits: .min, asset: .jpy).decimal == "-170141183460469231731687303715884105728")
    }

    @Test("sums of different assets and sums beyond the counter are errors")
    func arithmetic() {
        #expect(throws: AmountError.assetMismatch) { try Amount(minorUnits: 1, asset: .thb).adding(.zero(.usd)) }
        #expect(throws: AmountError.overflow) {
            try Amount(minorUnits: .max, asset: .thb).adding(Amount(minorUnits: 1, asset: .thb))
        }
        #expect(throws: AmountError.overflow) {
            try Amount(minorUnits: .min, asset: .thb).subtracting(Amount(minorUnits: 1, asset: .thb))
        }
    }

    @Test(
        "exponents follow ISO 4217 and the crypto assets' own units",
        arguments: [
            ("THB", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("KWD", 3), ("BHD", 3), ("TND", 3), ("MGA", 2), ("BTC", 8), ("USDT", 6),
            ("ETH", 18),
        ]
    )
    func exponents(code: String, exponent: Int) {
        #expect(Asset(code: code)?.exponent == exponent)
    }

    @Test("codes are upper case and known", arguments: ["thb", "XXX", "", "THB "])
    func unknownCodes(code: String) {
        #expect(Asset(code: code) == nil)
    }
}
