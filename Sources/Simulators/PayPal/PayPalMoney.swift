import StrictJSON

/// An amount as the simulated PayPal keeps it: minor units by PayPal's own table.
struct PayPalMoney: Sendable, Hashable {
    let currency: String
    var minorUnits: Int64

    private var decimals: Int { PayPalMoney.decimals(currency) }

    init(currency: String, minorUnits: Int64) {
        self.currency = currency
        self.minorUnits = minorUnits
    }

    /// Why a money object is refused, by PayPal's issue.
    enum Refusal: String, Error {
        case decimalsNotSupported = "DECIMALS_NOT_SUPPORTED"
        case decimalPrecision = "DECIMAL_PRECISION"
        case invalid = "INVALID_PARAMETER_VALUE"
    }

    /// Reads `{"currency_code","value"}`.
    init(_ value: JSONValue?) throws(Refusal) {
        guard let currency = value?["currency_code"]?.string, currency.utf8.count == 3, let text = value?["value"]?.string else {
            throw .invalid
        }
        let decimals = PayPalMoney.decimals(currency)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, !text.isEmpty, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { throw .invalid }
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        if decimals == 0, parts.count == 2 { throw .decimalsNotSupported }
        guard fraction.count <= decimals else { throw .decimalPrecision }
        let digits = parts[0] + fraction + String(repeating: "0", count: decimals - fraction.count)
        guard let minorUnits = Int64(digits), minorUnits > 0 else { throw .invalid }
        self.init(currency: currency, minorUnits: minorUnits)
    }

    /// The money object as PayPal writes it.
    var json: JSONValue { ["currency_code": .string(currency), "value": .string(text)] }

    private var text: String {
        let digits = String(minorUnits)
        guard decimals > 0 else { return digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// What PayPal keeps: 4.4 percent, rounded half up.
    var fee: PayPalMoney { PayPalMoney(currency: currency, minorUnits: (minorUnits * 44 + 500) / 1000) }

    static func + (first: PayPalMoney, second: PayPalMoney) -> PayPalMoney {
        PayPalMoney(currency: first.currency, minorUnits: first.minorUnits + second.minorUnits)
    }

    static func - (first: PayPalMoney, second: PayPalMoney) -> PayPalMoney {
        PayPalMoney(currency: first.currency, minorUnits: first.minorUnits - second.minorUnits)
    }

    private static func decimals(_ currency: String) -> Int {
        ["HUF", "JPY", "TWD"].contains(currency) ? 0 : 2
    }
}
