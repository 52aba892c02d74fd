import Payments
import PostgreSQL

/// Follows every account from balance to balance: each is the one before and what the entries of one commit did.
struct BalanceAudit {
    /// What stands on an account after the last balance that was followed.
    struct Standing {
        var version: Int64 = 0
        var postedAt = Int64.min
        var debitsPosted: Int128 = 0
        var creditsPosted: Int128 = 0
        var debitsPending: Int128 = 0
        var creditsPending: Int128 = 0
    }

    /// What a balance says about its commit.
    struct Claim {
        let account: Int32
        let version: Int64
        var change: BalanceChange
        let previousPostedAt: Int64
        let postedAt: Int64
        let firstEntry: UInt128
        let lastEntry: UInt128
        let entries: EntryListDigest
    }

    private struct Version {
        var standing: Standing
        let rule: Int16
        var entryIDs: [UInt128]
    }

    private struct Place: Hashable {
        let account: Int32
        let version: Int64
    }

    private var rows = CopyRows(columnCount: 9)
    private var ids: [UInt128] = []
    private var early: [Place: Version] = [:]
    /// Claims of versions that waited for their predecessor.
    private var released: [Claim] = []
    private(set) var standings: [Standing]

    static let copy = """
        COPY ledger_balances (account_id, version, posted_at, rule, debits_posted, credits_posted, debits_pending, credits_pending,
            entry_ids) TO STDOUT (FORMAT binary)
        """

    /// Begins with nothing on so many accounts.
    init(accountCount: Int) {
        standings = Array(repeating: Standing(), count: accountCount)
    }

    mutating func feed(_ piece: [UInt8]?) { rows.feed(piece) }

    /// Whether the last balance was read.
    var isAtEnd: Bool { rows.isAtEnd && released.isEmpty }

    /// The next balance's claim; nil when more rows are needed or the end is there.
    mutating func next(_ accounts: BookAccounts, _ issues: inout VerificationIssues) throws -> Claim? {
        if let claim = released.popLast() { return claim }
        while try rows.next() {
            let id = try rows.uuid(0)
            let standing = Standing(
                version: try rows.int64(1),
                postedAt: try rows.timestamp(2),
                debitsPosted: try rows.numeric(4),
                creditsPosted: try rows.numeric(5),
                debitsPending: try rows.numeric(6),
                creditsPending: try rows.numeric(7)
            )
            try rows.uuids(8, into: &ids)
            guard let account = accounts.position(id) else {
                issues.add(.balance, "balance \(standing.version) is of account \(id.uuidText), which is not there")
                continue
            }
            let rule = try rows.int16(3)
            let isNext = standing.version == standings[Int(account)].version + 1
            guard isNext else {
                early[Place(account: account, version: standing.version)] = Version(standing: standing, rule: rule, entryIDs: ids)
                continue
            }
            let claim = follow(account, standing, rule, ids, accounts, &issues)
            if !early.isEmpty { catchUp(account, accounts, &issues) }
            return claim
        }
        return nil
    }

    private mutating func catchUp(_ account: Int32, _ accounts: BookAccounts, _ issues: inout VerificationIssues) {
        while let version = early.removeValue(forKey: Place(account: account, version: standings[Int(account)].version + 1)) {
            released.append(follow(account, version.standing, version.rule, version.entryIDs, accounts, &issues))
        }
    }

    private mutating func follow(
        _ account: Int32,
        _ standing: Standing,
        _ rule: Int16,
        _ ids: [UInt128],
        _ accounts: BookAccounts,
        _ issues: inout VerificationIssues
    ) -> Claim {
        let before = standings[Int(account)]
        standings[Int(account)] = standing
        if rule != accounts.accounts[Int(account)].rule {
            issues.add(.balance, "balance \(standing.version) of \(accounts.name(account)) has another rule than the account")
        }
        var entries = EntryListDigest()
        for id in ids { entries.add(id) }
        var change = BalanceChange()
        change.debitsPosted = standing.debitsPosted - before.debitsPosted
        change.creditsPosted = standing.creditsPosted - before.creditsPosted
        change.debitsPending = standing.debitsPending - before.debitsPending
        change.creditsPending = standing.creditsPending - before.creditsPending
        return Claim(
            account: account,
            version: standing.version,
            change: change,
            previousPostedAt: before.postedAt,
            postedAt: standing.postedAt,
            firstEntry: ids.first ?? 0,
            lastEntry: ids.last ?? 0,
            entries: entries
        )
    }

    /// Names gaps, and follows the accounts beyond them; answers the claims that come of it.
    mutating func finish(_ accounts: BookAccounts, _ issues: inout VerificationIssues) -> [Claim] {
        let places = early.keys.sorted { ($0.account, $0.version) < ($1.account, $1.version) }
        var claims: [Claim] = []
        for place in places {
            guard let version = early.removeValue(forKey: place) else { continue }
            if place.version != standings[Int(place.account)].version + 1 {
                issues.add(.balance, "before balance \(place.version) of \(accounts.name(place.account)) one is missing")
            }
            claims.append(follow(place.account, version.standing, version.rule, version.entryIDs, accounts, &issues))
        }
        return claims
    }

    /// Names assets whose debits and credits differ, and closed accounts on which something is pending.
    func checkSums(_ accounts: BookAccounts, _ issues: inout VerificationIssues) {
        var sums = Array(repeating: Standing(), count: accounts.assets.count)
        for (account, standing) in zip(accounts.accounts, standings) {
            let asset = Int(account.asset)
            sums[asset].debitsPosted &+= standing.debitsPosted
            sums[asset].creditsPosted &+= standing.creditsPosted
            sums[asset].debitsPending &+= standing.debitsPending
            sums[asset].creditsPending &+= standing.creditsPending
        }
        for (asset, sum) in zip(accounts.assets, sums) {
            if sum.debitsPosted != sum.creditsPosted {
                issues.add(.asset, "of \(asset) debits are \(sum.debitsPosted) and credits \(sum.creditsPosted) minor units")
            }
            if sum.debitsPending != sum.creditsPending {
                issues.add(.asset, "of \(asset) pending debits are \(sum.debitsPending) and credits \(sum.creditsPending) minor units")
            }
        }
        for (position, standing) in standings.enumerated() where standing.debitsPending != 0 || standing.creditsPending != 0 {
            guard accounts.accounts[position].closedAt != nil else { continue }
            issues.add(.closure, "account \(accounts.name(Int32(position))) is closed and something on it is pending")
        }
    }
}
