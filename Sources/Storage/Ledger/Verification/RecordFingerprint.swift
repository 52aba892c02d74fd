/// Tells in constant memory whether two lists hold the same records with the same digests, in any order.
///
/// Each side adds a number that chance gives the record and its digest. When one differs, or is there another number of times, so do the
/// sums, but for a chance of about one in 2^128.
struct RecordFingerprint: Equatable {
    private var sum: UInt128 = 0
    private(set) var count: Int64 = 0
    private static let seeds = (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max))

    /// Adds a record.
    mutating func add(_ id: UInt128, _ digest: SIMD4<UInt64>) {
        count += 1
        sum &+=
            UInt128(RecordFingerprint.half(id, digest, RecordFingerprint.seeds.0)) << 64
            | UInt128(RecordFingerprint.half(id, digest, RecordFingerprint.seeds.1))
    }

    private static func half(_ id: UInt128, _ digest: SIMD4<UInt64>, _ seed: UInt64) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(seed)
        hasher.combine(id)
        hasher.combine(digest)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
