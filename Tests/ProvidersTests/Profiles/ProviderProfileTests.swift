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
