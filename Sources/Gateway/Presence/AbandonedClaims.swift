import Storage
import Synchronization

/// Claims of this gateway whose work it has given up, for example because the database could not be reached to write its outcome.
///
/// They are freed with the next beat; nobody has to wait until they are over.
package final class AbandonedClaims: Sendable {
    private let claims = Mutex<Set<Claim>>([])

    /// Begins with none.
    package init() {}

    /// Gives a claim up.
    func add(_ claim: Claim) {
        claims.withLock { _ = $0.insert(claim) }
    }

    /// What is to be freed.
    var all: Set<Claim> { claims.withLock { $0 } }

    /// These have been freed.
    func remove(_ freed: Set<Claim>) {
        claims.withLock { $0.subtract(freed) }
    }
}
