import Payments
import Synchronization

/// The ledger accounts that are certainly in the database as described, so that the hot path need not create or read them again.
///
/// Learned only after a commit; a name too few costs a look-up. Whether an account was closed is not kept: the database refuses that.
package final class KnownAccounts: Sendable {
    /// An account with its id, which costs a digest to compute.
    struct Known: Sendable {
        @TwoWords private(set) var id: UInt128
        let account: LedgerAccount
        let version = CommittedVersion()
    }

    private let known = Mutex<[AccountName: Known]>([:])
    private static let countMax = 100_000

    /// Knows nothing yet.
    package init() {}

    /// Those of the named accounts that are known.
    func find(_ names: some Sequence<AccountName>) -> [AccountName: Known] {
        var found: [AccountName: Known] = [:]
        found.reserveCapacity(names.underestimatedCount)
        known.withLock { known in
            for name in names { found[name] = known[name] }
        }
        return found
    }

    /// Remembers accounts whose entries were committed.
    func learn(_ accounts: [Known]) {
        guard !accounts.isEmpty else { return }
        known.withLock { known in
            let new = accounts.filter { known[$0.account.name] == nil }
            guard !new.isEmpty else { return }
            if known.count + new.count > KnownAccounts.countMax { known = [:] }
            for account in new { known[account.account.name] = account }
        }
    }
}
