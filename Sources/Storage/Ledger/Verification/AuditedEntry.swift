import Payments

/// An entry that was recomputed, until the seal comes that holds it.
struct AuditedEntry {
    let postedAt: Int64
    /// As it is kept, so that a seal is judged apart from the entry.
    let digest: SIMD4<UInt64>
    /// What it does to the counters of its accounts, in the order of `BalanceChange.visit`.
    var movements: [Movement]

    /// A change of one counter of the account at a position.
    struct Movement {
        let account: Int32
        let counter: BalanceChange.Counter
        let minorUnits: Int128
    }
}

/// A transfer between accounts at positions.
struct AuditedTransfer: Equatable {
    let debit: Int32
    let credit: Int32
    let minorUnits: Int128
}

/// What one commit does to one account, which one balance must tell.
struct AccountEffect {
    let account: Int32
    let firstEntry: UInt128
    var lastEntry: UInt128
    var entries: EntryListDigest
    var change = BalanceChange()
    var postedAt: Int64
}

/// Stands for a list of entries in their order; keyed by chance, so that nobody can make two lists alike.
struct EntryListDigest: Equatable {
    private var value: UInt128 = 0
    private static let factor = UInt128.random(in: 0...UInt128.max) | 1
    private static let offset = UInt128.random(in: 0...UInt128.max)

    mutating func add(_ id: UInt128) {
        value = (value ^ id &+ EntryListDigest.offset) &* EntryListDigest.factor
        value ^= value >> 64
    }
}
