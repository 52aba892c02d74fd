import Payments
import TestSupport
import Testing

@testable import Providers

@Suite("Provider profiles")
struct ProviderProfileTests {
    @Test("the profiles of all providers are read", arguments: [("stripe", ChargeMethod.card), ("promptpay", .promptpay)])
    func all(name: String, method: ChargeMethod) throws {
        let path = "providers/\(name)/profile.yaml"
        let profile = try ProviderProfile(yaml: Fixture.text(path), file: path)
        #expect(profile.name.text == name)
        let limits = try #require(profile.methods[method]?.limits[.thb])
        #expect(limits.minimum.isPositive && limits.maximum.minorUnits > limits.minimum.minorUnits)
        let fees = try #require(profile.fees(of: method))
        #expect(fees.fee(on: limits.maximum)?.net.isPositive == true)
        #expect(profile.settlement != nil)
    }

    @Test("Stripe's fee on a card payment in Thailand, and the day it is settled")
    func stripe() throws {
        let path = "providers/stripe/profile.yaml"
        let profile = try ProviderProfile(yaml: Fixture.text(path), file: path)
        let breakdown = try #require(profile.fees(of: .card)?.fee(on: Amount(minorUnits: 100_000, asset: .thb)))
        // 3.65 % of 1,000.00 and 10.00, and 7 % on the sum: 46.50 and 3.26 (3.255 half up).
        #expect(breakdown.fee.decimal == "46.50" && breakdown.vat.decimal == "3.26" && breakdown.net.decimal == "950.24")
        let paidAt = try #require(Timestamp(rfc3339: "2026-11-23T23:59:59Z"))
        #expect(profile.settlement?.settlementDate(of: paidAt).iso8601 == "2026-11-30")
    }

    private static let method = "name: x\nmethods: {card: {manual_capture: true, expires_in: {maximum: 1}, currencies: {}%}}\n"

    @Test("a method may have fees of its own")
    func methodFees() throws {
        let own = ", fees: {rate: '1.5', vat: '0', rounding: half_even}"
        let rest = """
            fees: {rate: '3', fixed: '0.30', currency: USD, vat: '0', rounding: up}
            settlement: {delay_days: 2, cut_off: '23:30', zone: UTC}
            """
        let yaml = Self.method.replacing("%", with: own) + rest
        let profile = try ProviderProfile(yaml: yaml, file: "profile.yaml")
        #expect(profile.fees(of: .card)?.fee(on: Amount(minorUnits: 1000, asset: .usd))?.fee.decimal == "0.15")
        #expect(profile.fees(of: .paypal)?.fee(on: Amount(minorUnits: 1000, asset: .usd))?.fee.decimal == "0.60")
        #expect(profile.fees(of: .paypal)?.fee(on: Amount(minorUnits: 1000, asset: .thb)) == nil, "the fixed sum is in another currency")
        #expect(profile.settlement == SettlementTerms(delayDays: 2, cutOffMinutes: 1410, zone: .utc))
    }

    @Test(
        "what is wrong with fees and settlement is named",
        arguments: [
            ("", "lacks fees"), ("fees: {}", "lacks rate"), ("fees: {rate: '-1', vat: '7', rounding: half_up}", "rate"),
            ("fees: {rate: '101', vat: '7', rounding: half_up}", "rate"), ("fees: {rate: '1', vat: '7%', rounding: half_up}", "vat"),
            ("fees: {rate: '1', vat: '7', rounding: nearest}", "rounding"), ("fees: {rate: '1', vat: '7', rounding: up, more: 1}", "more"),
            ("fees: {rate: '1', vat: '7', rounding: up, fixed: '1.00'}", "currency"),
            ("fees: {rate: '1', vat: '7', rounding: up, fixed: '1.005', currency: THB}", "fixed"),
            ("fees: {rate: '1', vat: '7', rounding: up, vat_included: perhaps}", "vat_included"),
            ("fees: {rate: '1', vat: '7', rounding: up}", "lacks settlement"),
            ("fees: {rate: '1', vat: '7', rounding: up}\nsettlement: {delay_days: -1, cut_off: '00:00', zone: UTC}", "delay_days"),
            ("fees: {rate: '1', vat: '7', rounding: up}\nsettlement: {delay_days: 1, cut_off: '24:00', zone: UTC}", "cut_off"),
            ("fees: {rate: '1', vat: '7', rounding: up}\nsettlement: {delay_days: 1, cut_off: '9:00', zone: UTC}", "cut_off"),
            ("fees: {rate: '1', vat: '7', rounding: up}\nsettlement: {delay_days: 1, cut_off: '09:00', zone: Europe/Paris}", "zone"),
        ]
    )
    func terms(yaml: String, named: String) {
        let error = #expect(throws: ProfileError.self) {
            try ProviderProfile(yaml: Self.method.replacing("%", with: "") + yaml, file: "profile.yaml")
        }
        #expect(error?.description.contains(named) == true, "\(error?.description ?? "")")
    }

    @Test(
        "what is wrong is named",
        arguments: [
            ("", "no YAML mapping"), ("name: x", "methods"), ("name: x\nmethods: {}\nnonsense: 1", "nonsense"),
            ("name: x\nmethods: {cash: {}}", "cash"),
            (
                "name: x\nmethods: {card: {manual_capture: true, expires_in: {maximum: 1}, currencies: {XXX: {minimum: '1', maximum: '2'}}}}",
                "XXX"
            ),
            (
                "name: x\nmethods: {card: {manual_capture: true, expires_in: {maximum: 1}, currencies: {THB: {minimum: '1.005', maximum: '2'}}}}",
                "minimum"
            ),
            ("name: x\nmethods: {card: {manual_capture: true, expires_in: {maximum: no}, currencies: {}}}", "maximum"),
        ]
    )
    func errors(yaml: String, named: String) {
        let error = #expect(throws: ProfileError.self) { try ProviderProfile(yaml: yaml, file: "profile.yaml") }
        #expect(error?.description.contains(named) == true && error?.description.contains("profile.yaml") == true)
    }
}
