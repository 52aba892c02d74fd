import Payments
import StrictJSON

/// Amounts as PayPal writes them: decimal texts with the decimals of its own currency table, which is not that of ISO 4217.
enum PayPalAmount {
    /// developer.paypal.com/api/rest/reference/currency-codes; the decimals that a request must have.
    static let decimals: [String: Int] = [
        "AUD": 2, "BRL": 2, "CAD": 2, "CNY": 2, "CZK": 2, "DKK": 2, "EUR": 2, "HKD": 2, "HUF": 0, "ILS": 2, "JPY": 0, "MYR": 2, "MXN": 2,
        "TWD": 0, "NZD": 2, "NOK": 2, "PHP": 2, "PLN": 2, "GBP": 2, "SGD": 2, "SEK": 2, "CHF": 2, "THB": 2, "USD": 2,
    ]
    private static let charactersMax = 32

    /// The text of an amount; nil when PayPal does not take the currency or the amount is finer than its table allows.
    static func text(_ amount: Amount) -> String? {
        guard amount.isPositive, let wanted = decimals[amount.asset.code] else { return nil }
        var text = amount.decimal
        for _ in wanted..<max(wanted, amount.asset.exponent) {
            guard text.hasSuffix("0") else { return nil }
            text.removeLast()
        }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// The amount as a member of a request: `currency_code` and `value`, or with another name for the currency.
    static func value(_ amount: Amount, currencyName: String = "currency_code") -> JSONValue? {
        text(amount).map { .object(JSONObject([(currencyName, .string(amount.asset.code)), ("value", .string($0))])) }
    }

    /// Reads a money object; negative amounts are read too.
    ///
    /// - Throws: `InterpretationError` that names what is wrong.
    static func read(_ money: JSONElement?, currencyName: String = "currency_code") throws(InterpretationError) -> Amount {
        guard let money, let code = money[currencyName]?.string, let value = money["value"]?.string else {
            throw InterpretationError("an amount is missing")
        }
        guard let asset = Asset(code: code) else { throw InterpretationError("a currency is not known") }
        return try read(value, asset)
    }

    /// Reads the texts that PayPal's pattern allows: `^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$`, up to 32 characters.
    static func read(_ text: String, _ asset: Asset) throws(InterpretationError) -> Amount {
        let bytes = Array(text.utf8)
        guard bytes.count <= charactersMax else { throw InterpretationError("an amount is too long") }
        let isNegative = bytes.first == UInt8(ascii: "-")
        let parts = bytes.dropFirst(isNegative ? 1 : 0).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard parts.count <= 2, let last = parts.last, !last.isEmpty, parts.joined().allSatisfy({ digits.contains($0) }) else {
            throw InterpretationError("an amount is no decimal number")
        }
        var fraction = parts.count == 2 ? Array(last) : []
        while fraction.count > asset.exponent, fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        guard fraction.count <= asset.exponent else { throw InterpretationError("an amount is finer than its currency") }
        fraction += Array(repeating: UInt8(ascii: "0"), count: asset.exponent - fraction.count)
        var minorUnits: Int128 = 0
        // At most 32 digits and 18 decimals more would not fit, but no currency of PayPal's has so many; the check is for all.
        for digit in Array(parts[0]) + fraction {
            let (shifted, overflow) = minorUnits.multipliedReportingOverflow(by: 10)
            let (sum, overflowInSum) = shifted.addingReportingOverflow(Int128(digit - UInt8(ascii: "0")))
            guard !overflow, !overflowInSum else { throw InterpretationError("an amount is too large") }
            minorUnits = sum
        }
        return Amount(minorUnits: isNegative ? -minorUnits : minorUnits, asset: asset)
    }
}
