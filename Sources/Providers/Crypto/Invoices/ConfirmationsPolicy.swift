package import Payments
import Yams

/// How much of a chain has to stand on a payment before it counts, and how little may be missing; from `providers/crypto/policy.yaml`.
package struct ConfirmationsPolicy: Sendable, Hashable {
    /// The steps of each asset.
    package let steps: [Asset: Steps]
    /// Hundredths of a percent of the due amount that may be missing.
    package let toleranceBasisPoints: Int
    /// How long after its expiry an invoice is watched for confirmations.
    package let monitoredFor: Duration

    /// Confirmations by the price of the charge.
    package struct Steps: Sendable, Hashable {
        /// Up to these prices, in whatever currency the charge is priced.
        package let limits: [Asset: Amount]
        package let withinLimit: Int
        /// For dearer charges, and for currencies without a limit.
        package let beyond: Int

        /// Describes the steps of an asset.
        package init(limits: [Asset: Amount], withinLimit: Int, beyond: Int) {
            self.limits = limits
            self.withinLimit = withinLimit
            self.beyond = beyond
        }
    }

    /// Describes a policy.
    package init(steps: [Asset: Steps], toleranceBasisPoints: Int, monitoredFor: Duration) {
        self.steps = steps
        self.toleranceBasisPoints = toleranceBasisPoints
        self.monitoredFor = monitoredFor
    }

    /// Blocks that a payment for `price` in `asset` has to have; nil for an asset without a rule, which is not taken.
    package func confirmations(for price: Amount, in asset: Asset) -> Int? {
        guard let steps = steps[asset] else { return nil }
        guard let limit = steps.limits[price.asset] else { return steps.beyond }
        return price.minorUnits <= limit.minorUnits ? steps.withinLimit : steps.beyond
    }
}

extension ConfirmationsPolicy {
    /// Reads `providers/crypto/policy.yaml`.
    ///
    /// - Throws: `ProfileError` that names the file and the member.
    package init(yaml text: String, file: String) throws(ProfileError) {
        guard let document = try? Yams.compose(yaml: text), let root = document.mapping else {
            throw ProfileError(file: file, "is no YAML mapping")
        }
        let reader = ProfileReader(file: file, path: "", mapping: root)
        try reader.allowOnly(["tolerance_basis_points", "monitored_for", "confirmations"])
        var steps: [Asset: Steps] = [:]
        for (code, asset) in try reader.mappings("confirmations") {
            guard let coin = Asset(code: code), Asset.coins.contains(coin) else { throw asset.error("is no coin that we take") }
            steps[coin] = try ConfirmationsPolicy.steps(asset)
        }
        self.init(
            steps: steps,
            toleranceBasisPoints: try ConfirmationsPolicy.number("tolerance_basis_points", in: reader, 0...1000),
            monitoredFor: try reader.seconds("monitored_for")
        )
    }

    private static func steps(_ reader: ProfileReader) throws(ProfileError) -> Steps {
        try reader.allowOnly(["up_to", "within", "beyond"])
        var limits: [Asset: Amount] = [:]
        let upTo = try reader.mapping("up_to")
        for key in upTo.mapping.keys {
            guard let code = key.string, let asset = Asset(code: code) else { throw upTo.error("names an unknown currency") }
            limits[asset] = try upTo.amount(code, asset)
        }
        let within = try number("within", in: reader, 1...10_000)
        return Steps(limits: limits, withinLimit: within, beyond: try number("beyond", in: reader, within...10_000))
    }

    private static func number(_ name: String, in reader: ProfileReader, _ range: ClosedRange<Int>) throws(ProfileError) -> Int {
        guard let number = Int(try reader.text(name)), range.contains(number) else {
            throw reader.error("has a \(name) that is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
