import Payments
import Synchronization

/// The ledger accounts that are certainly in the database, so that the hot path need not create them again.
///
/// Learned only after a commit; a name too few costs an insert that does nothing.
package final class KnownAccounts: Sendable {
    private let known = Mutex<Set<AccountName>>([])
    private static let countMax = 100_000

    /// Knows nothing yet.
    package init() {}

    /// All names known now.
    var names: Set<AccountName> { known.withLock { $0 } }

    /// Remembers accounts whose entries were committed.
    func learn(_ names: Set<AccountName>) {
        known.withLock { known in
            if known.count > KnownAccounts.countMax { known = [] }
            known.formUnion(names)
        }
    }
}
