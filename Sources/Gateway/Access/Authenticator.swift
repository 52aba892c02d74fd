import Cryptography
import Payments
package import PostgreSQL
import Storage
import Synchronization

/// Finds the caller behind an API key.
///
/// Only the SHA-256 of a key is stored; keys are 256 random bits, so nothing slower is needed. Answers are kept for a few seconds, which
/// bounds how long a revoked key still works.
package final class Authenticator: Sendable {
    private struct CacheEntry {
        let caller: Caller?
        let until: ContinuousClock.Instant
    }

    private let pool: ConnectionPool
    private let cache = Mutex<[[UInt8]: CacheEntry]>([:])

    private static let keptFor = Duration.seconds(5)
    private static let cacheMax = 10_000
    private static let keyBytesMax = 256

    /// Looks keys up through `pool`.
    package init(pool: ConnectionPool) {
        self.pool = pool
    }

    /// The caller of a presented key; nil when the key is unknown or revoked.
    ///
    /// - Throws: a database error when it could not be found out.
    package func caller(presenting key: String) async throws -> Caller? {
        guard key.utf8.count <= Authenticator.keyBytesMax else { return nil }
        let digest = SHA256.digest(Array(key.utf8))
        let now = ContinuousClock.now
        if let entry = cache.withLock({ $0[digest] }), entry.until > now { return entry.caller }
        let command = KeyStore.find(digest: digest)
        let row = try KeyStore.decode(try await pool.execute(command.statement, command.parameters)).first
        let caller = row.flatMap { row -> Caller? in
            guard row.revokedAt == nil else { return nil }
            return Caller(keyID: row.id, scopes: Set(row.scopes.compactMap(Scope.init(rawValue:))))
        }
        cache.withLock { cache in
            if cache.count >= Authenticator.cacheMax { cache = [:] }
            cache[digest] = CacheEntry(caller: caller, until: now.advanced(by: Authenticator.keptFor))
        }
        return caller
    }
}
