package import Cryptography
package import Payments
package import PostgreSQL
package import Storage

/// Makes and ends API keys.
package struct APIKeys: Sendable {
    private let pool: ConnectionPool
    private let surroundings: Surroundings

    private static let prefix = "tvp_"

    /// Keeps keys through `pool`.
    package init(pool: ConnectionPool, surroundings: Surroundings) {
        self.pool = pool
        self.surroundings = surroundings
    }

    /// Makes a key of 256 random bits; its text is shown once and kept nowhere.
    package func create(name: String, scopes: Set<Scope>) async throws -> (id: APIKeyID, key: SecretText) {
        let text = APIKeys.prefix + Hexadecimal.encode(SecureRandom.bytes(32))
        let id = try await store(text, name: name, scopes: scopes, shownPrefix: String(text.prefix(12)))
        return (id, SecretText(text))
    }

    /// Makes sure that a key given by the environment exists, with every scope.
    package func ensureBootstrap(_ key: SecretText) async throws {
        _ = try await store(key.exposed, name: "bootstrap", scopes: [.admin], shownPrefix: "(bootstrap)")
    }

    /// All keys, revoked ones too.
    package func list() async throws -> [StoredKey] {
        let command = KeyStore.list()
        return try KeyStore.decode(try await pool.execute(command.statement, command.parameters))
    }

    /// Ends a key; false when there is none that is still good.
    package func revoke(_ id: APIKeyID) async throws -> Bool {
        let command = KeyStore.revoke(id, at: surroundings.now())
        return try await pool.execute(command.statement, command.parameters).affectedRows > 0
    }

    private func store(_ key: String, name: String, scopes: Set<Scope>, shownPrefix: String) async throws -> APIKeyID {
        let row = StoredKey(
            id: surroundings.identifier(),
            name: name,
            shownPrefix: shownPrefix,
            scopes: scopes.map(\.rawValue).sorted(),
            createdAt: surroundings.now(),
            revokedAt: nil
        )
        let command = KeyStore.insert(row, digest: SHA256.digest(Array(key.utf8)))
        _ = try await pool.execute(command.statement, command.parameters)
        return row.id
    }
}
