/// What entries do to the four counters of one account, in minor units; what is pending can also shrink.
package struct BalanceChange: Sendable, Hashable {
    @SignedTwoWords package var debitsPosted: Int128 = 0
    @SignedTwoWords package var creditsPosted: Int128 = 0
    @SignedTwoWords package var debitsPending: Int128 = 0
    @SignedTwoWords package var creditsPending: Int128 = 0

    /// Changes nothing.
    package init() {}

    /// Adds what an entry does to the accounts of its transfers; `ended` are the transfers of the pending entry that it ends.
    static func add(_ entry: BookedEntry, ending ended: [Transfer], to changes: inout [AccountName: BalanceChange]) {
        visit(entry, ending: ended) { account, side, minorUnits in
            changes[account.name, default: BalanceChange()].add(minorUnits, to: side)
        }
    }

    /// Tells one by one what an entry does to which counter of which account; `ended` are the transfers of the pending entry it ends.
    package static func visit(_ entry: BookedEntry, ending ended: [Transfer], _ body: (LedgerAccount, Counter, Int128) -> Void) {
        for transfer in ended {
            body(transfer.debit, .debitsPending, -transfer.amount.minorUnits)
            body(transfer.credit, .creditsPending, -transfer.amount.minorUnits)
        }
        let counters: (Counter, Counter)
        switch entry.phase {
        case .posted, .post: counters = (.debitsPosted, .creditsPosted)
        case .pending: counters = (.debitsPending, .creditsPending)
        case .void, .expire: return
        }
        for transfer in entry.transfers {
            body(transfer.debit, counters.0, transfer.amount.minorUnits)
            body(transfer.credit, counters.1, transfer.amount.minorUnits)
        }
    }

    /// Adds to one counter.
    package mutating func add(_ minorUnits: Int128, to counter: Counter) {
        switch counter {
        case .debitsPosted: debitsPosted += minorUnits
        case .creditsPosted: creditsPosted += minorUnits
        case .debitsPending: debitsPending += minorUnits
        case .creditsPending: creditsPending += minorUnits
        }
    }

    /// One of the four sums of an account.
    package enum Counter: Sendable, Hashable {
        case debitsPosted
        case creditsPosted
        case debitsPending
        case creditsPending
    }
}
