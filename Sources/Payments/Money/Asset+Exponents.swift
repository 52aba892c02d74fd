extension Asset {
    /// Minor-unit digits by code.
    ///
    /// ISO 4217, list one, column "minor unit" (MGA and MRU are 2 by ISO although their real subunit is a fifth); BTC counts satoshi,
    /// ETH wei, USDT its token's six decimals.
    static let exponents: [String: Int] = {
        var table: [String: Int] = [:]
        for code in withoutMinorUnit { table[code] = 0 }
        for code in withTwoDigits { table[code] = 2 }
        for code in withThreeDigits { table[code] = 3 }
        table["BTC"] = 8
        table["ETH"] = 18
        table["USDT"] = 6
        return table
    }()

    private static let withoutMinorUnit = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
    ]

    private static let withThreeDigits = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]

    private static let withTwoDigits = [
        "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BMD", "BND", "BOB", "BRL", "BSD",
        "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB",
        "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD",
        "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU",
        "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR",
        "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB",
        "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "VES", "WST", "XCD", "YER", "ZAR", "ZMW",
    ]
}
