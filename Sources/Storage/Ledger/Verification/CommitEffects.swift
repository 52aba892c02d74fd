import Payments

/// Adds up what the entries of one commit do to each account.
struct CommitEffects {
    private var effects: [AccountEffect] = []
    /// For each account its place in `effects`, counted from 1; 0 for those that the commit does not touch.
    private var places: [Int32]

    /// Has nothing for so many accounts.
    init(accountCount: Int) {
        places = Array(repeating: 0, count: accountCount)
    }

    /// Adds an entry's movements.
    mutating func add(_ id: UInt128, _ entry: AuditedEntry) {
        entry.visit { account, counter, minorUnits in
            let position = position(of: account, id)
            effects[position].change.add(minorUnits, to: counter)
            effects[position].postedAt = max(effects[position].postedAt, entry.postedAt)
            guard effects[position].lastEntry != id else { return }
            effects[position].lastEntry = id
            effects[position].entries.add(id)
        }
    }

    private mutating func position(of account: Int32, _ id: UInt128) -> Int {
        let place = Int(places[Int(account)])
        guard place == 0 else { return place - 1 }
        var entries = EntryListDigest()
        entries.add(id)
        effects.append(AccountEffect(account: account, firstEntry: id, lastEntry: id, entries: entries, postedAt: .min))
        places[Int(account)] = Int32(effects.count)
        return effects.count - 1
    }

    /// How many accounts are touched.
    var count: Int { effects.count }

    /// What was added up for one of the accounts.
    subscript(index: Int) -> AccountEffect { effects[index] }

    /// Begins the next commit, with the same memory.
    mutating func clear() {
        for effect in effects { places[Int(effect.account)] = 0 }
        effects.removeAll(keepingCapacity: true)
    }
}
