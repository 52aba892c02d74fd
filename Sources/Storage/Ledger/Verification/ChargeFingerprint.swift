/// Tells in constant memory whether two lists give every charge the same sum of each asset.
///
/// Each side adds every amount times a number that chance gives the charge and the asset. When the sums of one charge differ, so do the
/// fingerprints, but for a chance of about one in 2^128.
struct ChargeFingerprint: Equatable {
    private var sum: UInt128 = 0
    private static let seeds = (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max))

    /// Adds an amount of a charge; where the asset does not matter, both sides name none.
    mutating func book(_ charge: UInt128, _ asset: String, _ minorUnits: Int128) {
        guard minorUnits != 0 else { return }
        sum &+= ChargeFingerprint.factor(charge, asset) &* UInt128(bitPattern: minorUnits)
    }

    private static func factor(_ charge: UInt128, _ asset: String) -> UInt128 {
        UInt128(half(charge, asset, seeds.0)) << 64 | UInt128(half(charge, asset, seeds.1))
    }

    private static func half(_ charge: UInt128, _ asset: String, _ seed: UInt64) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(seed)
        hasher.combine(charge)
        hasher.combine(asset)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

/// What charges say about their money, and what the books say.
struct ChargeFingerprints: Equatable {
    var captured = ChargeFingerprint()
    var refunded = ChargeFingerprint()
    var lost = ChargeFingerprint()
}
