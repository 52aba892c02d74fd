/// A coin of the simulated processor: its network, its decimals and what it costs.
struct SimulatedCoin: Sendable {
    let code: String
    let network: String
    let contract: String?
    let decimals: Int
    /// Money for one coin, as text, by currency.
    let rates: [String: String]

    static let all: [String: SimulatedCoin] = [
        "BTC": SimulatedCoin(
            code: "BTC",
            network: "bitcoin-testnet",
            contract: nil,
            decimals: 8,
            rates: ["THB": "3250000.00", "USD": "100000.00", "EUR": "91250.50"]
        ),
        "ETH": SimulatedCoin(
            code: "ETH",
            network: "sepolia",
            contract: nil,
            decimals: 18,
            rates: ["THB": "98765.43", "USD": "3038.94", "EUR": "2770.01"]
        ),
        "USDT": SimulatedCoin(
            code: "USDT",
            network: "sepolia",
            contract: SimulatedAddress.checksummed("000000000000000000000000000000005d7e57ed"),
            decimals: 6,
            rates: ["THB": "32.57", "USD": "1.0002", "EUR": "0.9124"]
        ),
    ]

    /// What a price is in the smallest units, rounded up, with the rate; nil when it cannot be told.
    func quote(_ price: String, in currency: String) -> (units: UInt128, rate: String?)? {
        guard let (amount, amountDigits) = SimulatedCoin.decimal(price) else { return nil }
        guard currency != code else {
            guard amountDigits <= decimals, let scale = SimulatedCoin.power(decimals - amountDigits) else { return nil }
            let (units, overflow) = amount.multipliedReportingOverflow(by: scale)
            return overflow ? nil : (units, nil)
        }
        guard let rate = rates[currency], let (value, rateDigits) = SimulatedCoin.decimal(rate),
            let up = SimulatedCoin.power(decimals + rateDigits), let down = SimulatedCoin.power(amountDigits)
        else { return nil }
        let (dividend, overflow) = amount.multipliedReportingOverflow(by: up)
        let (divisor, overflowBelow) = value.multipliedReportingOverflow(by: down)
        guard !overflow, !overflowBelow, divisor > 0 else { return nil }
        return (dividend / divisor + (dividend % divisor == 0 ? 0 : 1), rate)
    }

    /// Units as whole coins with every decimal.
    func text(_ units: UInt128) -> String {
        let digits = String(units)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        return "\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// The digits of a plain decimal number without its point, and how many stand behind it.
    private static func decimal(_ text: String) -> (UInt128, Int)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }), let value = UInt128(parts.joined()) else { return nil }
        return (value, parts.count == 2 ? parts[1].utf8.count : 0)
    }

    private static func power(_ exponent: Int) -> UInt128? {
        guard (0...38).contains(exponent) else { return nil }
        return (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}
