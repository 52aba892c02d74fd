import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

@Suite("PayPal amounts")
struct PayPalAmountTests {
    @Test(
        "amounts are written with the decimals of PayPal's own table",
        arguments: [
            ("THB", 150_00, "150.00"), ("USD", 5, "0.05"), ("JPY", 2500, "2500"), ("HUF", 2500_00, "2500"), ("TWD", 100, "1"),
            ("USD", 100_000_000, "1000000.00"),
        ] as [(String, Int128, String)]
    )
    func writing(code: String, minorUnits: Int128, text: String) throws {
        let amount = Amount(minorUnits: minorUnits, asset: try #require(Asset(code: code)))
        #expect(PayPalAmount.text(amount) == text)
        #expect(try PayPalAmount.read(text, amount.asset) == amount)
    }

    @Test(
        "what PayPal cannot express is not sent",
        arguments: [("HUF", 2500_50), ("TWD", 1), ("KWD", 1000), ("BTC", 1), ("USD", 0), ("USD", -100)] as [(String, Int128)]
    )
    func inexpressible(code: String, minorUnits: Int128) throws {
        #expect(PayPalAmount.text(Amount(minorUnits: minorUnits, asset: try #require(Asset(code: code)))) == nil)
    }

    @Test(
        "every legal form is read exactly",
        arguments: [
            ("25.00", 2500), ("25", 2500), ("25.0", 2500), ("25.0000", 2500), (".5", 50), ("-3.10", -310), ("-.01", -1), ("007", 700),
            ("99999999999999999999999999999.99", 9_999_999_999_999_999_999_999_999_999_999),
        ] as [(String, Int128)]
    )
    func reading(text: String, minorUnits: Int128) throws {
        #expect(try PayPalAmount.read(text, .usd).minorUnits == minorUnits)
    }

    @Test(
        "everything else is refused",
        arguments: [
            "", "-", ".", "1.", "25.001", "1,000.00", "1e2", "+1", " 1", "1 ", "0x10", "１", "--1", "1.2.3", "NaN",
            "100000000000000000000000000000.00",
        ]
    )
    func refusing(text: String) {
        #expect(throws: InterpretationError.self) { try PayPalAmount.read(text, .usd) }
    }

    @Test("random texts are refused or read back as themselves")
    func random() throws {
        var random = SeededRandom.printed("paypal amounts")
        let alphabet = Array("0123456789.-")
        for _ in 0..<20_000 {
            let text = String((0..<Int.random(in: 0...12, using: &random)).map { _ in alphabet[Int.random(in: 0..<12, using: &random)] })
            guard let amount = try? PayPalAmount.read(text, .usd), amount.isPositive else { continue }
            #expect(try PayPalAmount.read(try #require(PayPalAmount.text(amount)), .usd) == amount)
        }
    }

    @Test("a money object names its currency, and payouts name it otherwise")
    func objects() throws {
        let object: JSONValue = ["currency_code": "USD", "value": "1.40"]
        let read = { (value: JSONValue, name: String) in
            try PayPalAmount.read(JSONDocument(value.serialized()).root, currencyName: name)
        }
        #expect(try read(object, "currency_code").minorUnits == 140)
        #expect(throws: InterpretationError.self) { try read(object, "currency") }
        #expect(throws: InterpretationError.self) { try read(["currency_code": "ZZZ", "value": "1"], "currency_code") }
        #expect(throws: InterpretationError.self) { try read(["currency_code": "USD", "value": 1], "currency_code") }
    }
}
