import Payments

/// An entry that was recomputed, until the seal comes that holds it.
struct AuditedEntry {
    let postedAt: Int64
    /// As it is kept, so that a seal is judged apart from the entry.
    let digest: SIMD4<UInt64>
    /// Nearly every entry is one transfer, which needs no memory of its own.
    private var first: Change?
    private var others: [Change] = []

    /// What is done with the amount of a transfer.
    enum Effect {
        case posted
        case pending
        /// It is not pending any more.
        case released
    }

    private struct Change {
        let transfer: AuditedTransfer
        let effect: Effect

        func visit(_ body: (Int32, BalanceChange.Counter, Int128) -> Void) {
            let minorUnits = effect == .released ? -transfer.minorUnits : transfer.minorUnits
            if transfer.debit >= 0 { body(transfer.debit, effect == .posted ? .debitsPosted : .debitsPending, minorUnits) }
            if transfer.credit >= 0 { body(transfer.credit, effect == .posted ? .creditsPosted : .creditsPending, minorUnits) }
        }
    }

    /// Has done nothing so far.
    init(postedAt: Int64, digest: SIMD4<UInt64>) {
        self.postedAt = postedAt
        self.digest = digest
    }

    /// Adds what transfers do to both their accounts.
    mutating func add(_ transfers: [AuditedTransfer], as effect: Effect) {
        for transfer in transfers {
            let change = Change(transfer: transfer, effect: effect)
            if first == nil { first = change } else { others.append(change) }
        }
    }

    /// Tells the changes of counters of accounts in the order of `BalanceChange.visit`; a side whose account is not there is left out.
    func visit(_ body: (_ account: Int32, BalanceChange.Counter, Int128) -> Void) {
        guard let first else { return }
        first.visit(body)
        for change in others { change.visit(body) }
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
