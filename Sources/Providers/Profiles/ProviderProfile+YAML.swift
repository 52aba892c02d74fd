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
        try reader.allowOnly(["name", "methods", "fees", "settlement"])
        var methods: [ChargeMethod: MethodProfile] = [:]
        for (name, method) in try reader.mappings("methods") {
            guard let known = ChargeMethod(rawValue: name) else { throw ProfileError(file: file, "methods.\(name) is no method") }
            methods[known] = try ProviderProfile.method(method)
        }
        self.init(name: ProviderName(try reader.text("name")), methods: methods)
    }

    private static func method(_ reader: ProfileReader) throws(ProfileError) -> MethodProfile {
        try reader.allowOnly(["currencies", "manual_capture", "expires_in"])
        var limits: [Asset: AmountLimits] = [:]
        for (code, currency) in try reader.mappings("currencies") {
            try currency.allowOnly(["minimum", "maximum"])
            guard let asset = Asset(code: code) else { throw currency.error("is no currency") }
            let minimum = try currency.amount("minimum", asset)
            let maximum = try currency.amount("maximum", asset)
            guard minimum.isPositive, minimum.minorUnits <= maximum.minorUnits else { throw currency.error("has limits that hold nothing") }
            limits[asset] = AmountLimits(minimum: minimum, maximum: maximum)
        }
        let expiry = try reader.mapping("expires_in")
        try expiry.allowOnly(["default", "maximum"])
        return MethodProfile(
            limits: limits,
            allowsManualCapture: try reader.text("manual_capture") == "true",
            expiresInDefault: try expiry.optionalSeconds("default"),
            expiresInMaximum: try expiry.seconds("maximum")
        )
    }
}

/// What is wrong with a profile; the file is ours, so its contents may be named.
package struct ProfileError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(file: String, _ problem: String) {
        description = "\(file): \(problem)"
    }
}
