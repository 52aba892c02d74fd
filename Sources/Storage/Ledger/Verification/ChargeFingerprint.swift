/// Tells in constant memory whether two lists give every charge the same sum.
///
/// Each side adds every amount times a number that chance gives the charge. When the sums of one charge differ, so do the fingerprints,
/// but for a chance of about one in 2^128.
struct ChargeFingerprint: Equatable {
    private var sum: UInt128 = 0
    private static let seeds = (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max))

    /// Adds an amount of a charge.
    mutating func book(_ charge: UInt128, _ minorUnits: Int128) {
        sum &+= ChargeFingerprint.factor(charge) &* UInt128(bitPattern: minorUnits)
    }

    private static func factor(_ charge: UInt128) -> UInt128 {
        UInt128(half(charge, seeds.0)) << 64 | UInt128(half(charge, seeds.1))
    }

    private static func half(_ charge: UInt128, _ seed: UInt64) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(seed)
        hasher.combine(charge)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
