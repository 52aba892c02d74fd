import Payments
import PostgreSQL

/// Recomputes the whole book from rows that are fed to it, without input or output of its own.
///
/// Balances and seals come in the order in which they lie in the database, entries in the order of their ids. All are
/// nearly the order of time, so what belongs together is near each other, and only what has not met its counterpart is kept: a balance
/// draws the seals up to that of its commit, a seal draws the entries that it holds. What is far from its place waits until the end.
struct BookAudit {
    /// What rows are needed of.
    enum Source: Int, CaseIterable {
        case balances
        case seals
        case entries
    }

    private enum Step {
        case done
        case needs(Source)
        case end
    }

    let accounts: BookAccounts
    private(set) var issues: VerificationIssues
    /// How many entries were drawn.
    private(set) var entryCount: Int64 = 0
    private(set) var seals = SealAudit()
    private(set) var balances: BalanceAudit
    private var closures: ClosureAudit
    /// Entries that no seal has claimed so far.
    private var found = IdentifierTable<AuditedEntry>()
    private var entriesEnded = false
    private var seal = SealAudit.Seal()
    /// How many of the seal's entries are known to be there; nil between two seals.
    private var sealProgress: Int?
    private var parkedSeals: [SealAudit.Seal] = []
    /// What commits did to accounts and no balance has told so far.
    private var effects = IdentifierTable<AccountEffect>()
    private var claim: BalanceAudit.Claim?
    private var parkedClaims = IdentifierTable<BalanceAudit.Claim>(capacity: 64)
    private var group: CommitEffects

    /// So much may be read ahead for a row that lies far from its place.
    private static let aheadMax = 500_000

    /// Begins with what is small enough to be held: the accounts and the closures.
    init(accounts: BookAccounts, closures: ClosureAudit, issues: VerificationIssues) {
        self.accounts = accounts
        self.closures = closures
        self.issues = issues
        balances = BalanceAudit(accountCount: accounts.accounts.count)
        group = CommitEffects(accountCount: accounts.accounts.count)
    }

    /// Adds rows of balances; nil says that there are no more.
    mutating func feed(balances piece: [UInt8]?) { balances.feed(piece) }

    /// Adds rows of seals; nil says that there are no more.
    mutating func feed(seals piece: [UInt8]?) { seals.feed(piece) }

    /// Adds entries that were recomputed; nil says that there are no more.
    mutating func feed(entries batch: [EntryStage.Found]?) {
        guard let batch else { return entriesEnded = true }
        entryCount += Int64(batch.count)
        for entry in batch { found.insert(entry.entry, for: entry.id) }
    }

    /// Goes on until rows are missing; nil when all is checked.
    mutating func work() throws -> Source? {
        while true {
            if claim == nil {
                claim = try balances.next(accounts, &issues)
                if claim == nil {
                    guard balances.isAtEnd else { return .balances }
                    break
                }
            }
            if let claim, case .needs(let source) = try settle(claim) { return source }
            claim = nil
        }
        while true {
            switch try nextSeal() {
            case .done: continue
            case .needs(let source): return source
            case .end: break
            }
            switch nextEntry() {
            case .done: continue
            case .needs(let source): return source
            case .end: break
            }
            finish()
            return nil
        }
    }

    /// Draws seals until the commit is there that a balance tells of.
    private mutating func settle(_ claim: BalanceAudit.Claim) throws -> Step {
        let key = BookAudit.key(claim.account, claim.firstEntry)
        while !effects.contains(key) {
            guard effects.count < BookAudit.aheadMax else { break }
            switch try nextSeal() {
            case .done: continue
            case .needs(let source): return .needs(source)
            case .end: break
            }
            break
        }
        if let effect = effects.remove(key) { compare(claim, effect) } else { parkedClaims.insert(claim, for: key) }
        return .done
    }

    /// Draws entries until all are there that the next seal holds, and checks it.
    private mutating func nextSeal() throws -> Step {
        if sealProgress == nil {
            guard try seals.next(&seal, &issues) else { return seals.isAtEnd ? try nextParkedSeal() : .needs(.seals) }
            sealProgress = 0
        }
        var index = sealProgress ?? 0
        while index < seal.entryIDs.count {
            if found.contains(seal.entryIDs[index]) {
                index += 1
                continue
            }
            sealProgress = index
            guard !entriesEnded, found.count < BookAudit.aheadMax else {
                parkedSeals.append(seal)
                sealProgress = nil
                return .done
            }
            if case .needs(let source) = nextEntry() { return .needs(source) }
        }
        check(seal)
        sealProgress = nil
        return .done
    }

    private mutating func nextParkedSeal() throws -> Step {
        while !entriesEnded {
            if case .needs(let source) = nextEntry() { return .needs(source) }
        }
        guard let parked = parkedSeals.popLast() else { return .end }
        check(parked)
        return .done
    }

    private func nextEntry() -> Step {
        entriesEnded ? .end : .needs(.entries)
    }

    private mutating func check(_ seal: SealAudit.Seal) {
        var isWhole = true
        var timesApart: [UInt128] = []
        seals.begin(seal)
        for id in seal.entryIDs {
            guard let entry = found.remove(id) else {
                issues.add(.seal, "\(seal.name) holds entry \(EntryID(value: id)), which is not there or in another seal, too")
                isWhole = false
                continue
            }
            if entry.postedAt != seal.sealedAt { timesApart.append(id) }
            seals.add(id, entry)
            group.add(id, entry)
        }
        if !seal.closedAccountIDs.isEmpty { seals.add(closures: closures.take(seal, &issues)) }
        if isWhole, !seals.isRight(seal) { name(seal, timesApart) }
        for index in 0..<group.count { meet(group[index]) }
        group.clear()
    }

    /// Names a seal whose digest is wrong, and in it what is likely to be the reason.
    private mutating func name(_ seal: SealAudit.Seal, _ timesApart: [UInt128]) {
        let closed = seal.closedAccountIDs.map { accounts.position($0).map(accounts.name) ?? $0.uuidText }
        let closures = closed.isEmpty ? "" : ", with the closure of \(closed.joined(separator: ", "))"
        issues.add(.seal, "\(seal.name) does not have the digest of what it holds\(closures)")
        for id in timesApart { issues.add(.entry, "entry \(EntryID(value: id)) was not posted when \(seal.name) was made") }
    }

    private mutating func meet(_ effect: AccountEffect) {
        let key = BookAudit.key(effect.account, effect.firstEntry)
        if parkedClaims.count > 0, let claim = parkedClaims.remove(key) {
            compare(claim, effect)
        } else {
            effects.insert(effect, for: key)
        }
    }

    private mutating func compare(_ claim: BalanceAudit.Claim, _ effect: AccountEffect) {
        if claim.change != effect.change {
            issues.add(.balance, "\(BookAudit.name(claim, accounts)) is not the one before and what its entries did")
        }
        if claim.entries != effect.entries || claim.lastEntry != effect.lastEntry {
            issues.add(.balance, "\(BookAudit.name(claim, accounts)) does not name the entries of its commit that touch the account")
        }
        if claim.postedAt != max(claim.previousPostedAt, effect.postedAt) {
            issues.add(.balance, "\(BookAudit.name(claim, accounts)) has another time than its entries")
        }
    }

    /// Everything was read; what has not met its counterpart has none.
    private mutating func finish() {
        for claim in balances.finish(accounts, &issues) {
            let key = BookAudit.key(claim.account, claim.firstEntry)
            if let effect = effects.remove(key) { compare(claim, effect) } else { parkedClaims.insert(claim, for: key) }
        }
        for (id, _) in found.all { issues.add(.entry, "entry \(EntryID(value: id)) is in no seal") }
        for (_, effect) in effects.all {
            let entry = EntryID(value: effect.firstEntry)
            issues.add(.balance, "account \(accounts.name(effect.account)) has no balance for what entry \(entry) and its commit did to it")
        }
        for (_, claim) in parkedClaims.all {
            issues.add(.balance, "\(BookAudit.name(claim, accounts)) tells of entries that are in no commit or do not touch the account")
        }
        seals.finish(&issues)
        closures.finish(accounts, &issues)
        balances.checkSums(accounts, &issues)
    }

    private static func name(_ claim: BalanceAudit.Claim, _ accounts: BookAccounts) -> String {
        "balance \(claim.version) of \(accounts.name(claim.account))"
    }

    /// Names what an entry and its commit do to an account; the factor keeps accounts apart.
    private static func key(_ account: Int32, _ entry: UInt128) -> UInt128 {
        entry ^ UInt128(UInt32(bitPattern: account) &+ 1) &* 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835
    }
}
