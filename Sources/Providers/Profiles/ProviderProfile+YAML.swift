import Payments
import Yams

extension ProviderProfile {
    /// Reads `providers/<name>/profile.yaml`.
    ///
    /// - Throws: `ProfileError` that names the file and the member.
    package init(yaml text: String, file: String) throws(ProfileError) {
        guard let document = try? Yams.compose(yaml: text), let root = document.mapping else {
            throw ProfileError(file: file, "is no YAML mapping")
        }
        let reader = ProfileReader(file: file, path: "", mapping: root)
        try reader.allowOnly(["name", "methods", "payouts", "fees", "settlement"])
        var methods: [ChargeMethod: MethodProfile] = [:]
        for (name, method) in try reader.mappings("methods") {
            guard let known = ChargeMethod(rawValue: name) else { throw ProfileError(file: file, "methods.\(name) is no method") }
            methods[known] = try ProviderProfile.method(method)
        }
        self.init(
            name: ProviderName(try reader.text("name")),
            methods: methods,
            fees: try FeeSchedule(try reader.mapping("fees")),
            settlement: try SettlementTerms(try reader.mapping("settlement")),
            payouts: reader.has("payouts") ? try ProviderProfile.payoutProfile(try reader.mapping("payouts")) : nil
        )
    }

    private static func method(_ reader: ProfileReader) throws(ProfileError) -> MethodProfile {
        try reader.allowOnly(["currencies", "manual_capture", "partial_capture", "refunds", "cancel", "expires_in", "fees"])
        let expiry = try reader.mapping("expires_in")
        try expiry.allowOnly(["default", "maximum"])
        return MethodProfile(
            limits: try limits(reader),
            allowsManualCapture: try reader.text("manual_capture") == "true",
            allowsPartialCapture: reader.optionalText("partial_capture") == "true",
            refunds: try refunds(reader),
            allowsCancel: reader.optionalText("cancel") != "false",
            expiresInDefault: try expiry.optionalSeconds("default"),
            expiresInMaximum: try expiry.seconds("maximum"),
            fees: reader.has("fees") ? try FeeSchedule(try reader.mapping("fees")) : nil
        )
    }

    private static func payoutProfile(_ reader: ProfileReader) throws(ProfileError) -> PayoutProfile {
        try reader.allowOnly(["currencies"])
        return PayoutProfile(limits: try limits(reader))
    }

    private static func limits(_ reader: ProfileReader) throws(ProfileError) -> [Asset: AmountLimits] {
        var limits: [Asset: AmountLimits] = [:]
        for (code, currency) in try reader.mappings("currencies") {
            try currency.allowOnly(["minimum", "maximum"])
            guard let asset = Asset(code: code) else { throw currency.error("is no currency") }
            let minimum = try currency.amount("minimum", asset)
            let maximum = try currency.amount("maximum", asset)
            guard minimum.isPositive, minimum.minorUnits <= maximum.minorUnits else { throw currency.error("has limits that hold nothing") }
            limits[asset] = AmountLimits(minimum: minimum, maximum: maximum)
        }
        return limits
    }

    private static func refunds(_ reader: ProfileReader) throws(ProfileError) -> RefundSupport {
        guard let text = reader.optionalText("refunds") else { return .none }
        guard let support = RefundSupport(rawValue: text) else { throw reader.error("has refunds that are none, whole or partial") }
        return support
    }
}

/// What is wrong with a profile; the file is ours, so its contents may be named.
package struct ProfileError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(file: String, _ problem: String) {
        description = "\(file): \(problem)"
    }
}
