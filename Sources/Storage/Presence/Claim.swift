package import Payments

/// Names a running gateway; a process that starts again is another one.
package struct GatewayID: Identifier {
    package static let prefix = "gw_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// The right of one gateway to do a piece of work alone.
package struct Claim: Sendable, Hashable {
    /// Fences the claim: only who knows it may write what came of the work.
    @TwoWords package private(set) var token: UInt128
    /// Who holds it; when the holder is silent for long, others take the work over.
    package let holder: GatewayID
    /// Until when it holds at most.
    package let until: Timestamp

    /// Describes a claim.
    package init(token: UInt128, holder: GatewayID, until: Timestamp) {
        self.token = token
        self.holder = holder
        self.until = until
    }
}
