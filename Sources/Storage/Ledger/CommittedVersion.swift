import Synchronization

/// A version of an account's balance that is certainly in the database, and so a bound below which the newest one need not be sought.
///
/// Versions are never taken back, so what was committed once stays a bound however many versions other processes add.
final class CommittedVersion: Sendable {
    private let value = Atomic<Int64>(0)

    /// The highest version that was seen committed; 0 when none was.
    var number: Int64 { value.load(ordering: .relaxed) }

    /// Takes note of a version whose commit has succeeded.
    func raise(to version: Int64) {
        value.max(version, ordering: .relaxed)
    }
}
