import Payments
import Synchronization

/// The ledger accounts that are certainly in the database as described, so that the hot path need not create or read them again.
///
/// Learned only after a commit; a name too few costs a look-up. Whether an account was closed is not kept: the database refuses that.
package final class KnownAccounts: Sendable {
    /// An account with its id, which costs a digest to compute.
    struct Known: Sendable {
        let id: UInt128
        let account: LedgerAccount
    }

    private let known = Mutex<[AccountName: Known]>([:])
    private static let countMax = 100_000

    /// Knows nothing yet.
    package init() {}

    /// All accounts known now.
    var all: [AccountName: Known] { known.withLock { $0 } }

    /// Remembers accounts whose entries were committed.
    func learn(_ accounts: [Known]) {
        known.withLock { known in
            let new = accounts.filter { known[$0.account.name] == nil }
            guard !new.isEmpty else { return }
            if known.count + new.count > KnownAccounts.countMax { known = [:] }
            for account in new { known[account.account.name] = account }
        }
    }
}
