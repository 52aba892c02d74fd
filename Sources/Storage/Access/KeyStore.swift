package import Payments
package import PostgreSQL

/// An API key as it is kept: everything but the key.
package struct StoredKey: Sendable, Hashable {
    package let id: APIKeyID
    package let name: String
    /// The first characters, by which people recognise it.
    package let shownPrefix: String
    package let scopes: [String]
    package let createdAt: Timestamp
    package let revokedAt: Timestamp?

    /// Describes a key.
    package init(id: APIKeyID, name: String, shownPrefix: String, scopes: [String], createdAt: Timestamp, revokedAt: Timestamp?) {
        self.id = id
        self.name = name
        self.shownPrefix = shownPrefix
        self.scopes = scopes
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// API keys by the SHA-256 of their text.
package enum KeyStore {
    /// Writes a key; one of the same text stays as it is.
    package static func insert(_ key: StoredKey, digest: [UInt8]) -> Command {
        Command(
            insertKey,
            [
                .uuid(key.id.value), .bytes(digest), .text(key.name), .text(key.shownPrefix), .texts(key.scopes),
                .timestamp(key.createdAt.microseconds),
            ]
        )
    }

    /// Reads the key of a digest.
    package static func find(digest: [UInt8]) -> Command {
        Command(findKey, [.bytes(digest)])
    }

    /// Reads all keys.
    package static func list() -> Command {
        Command(listKeys)
    }

    /// Ends a key that is still good.
    package static func revoke(_ id: APIKeyID, at now: Timestamp) -> Command {
        Command(revokeKey, [.uuid(id.value), .timestamp(now.microseconds)])
    }

    /// Reads keys.
    package static func decode(_ result: QueryResult) throws -> [StoredKey] {
        try result.rows.map { row in
            StoredKey(
                id: try row.identifier(0),
                name: try row.text(1),
                shownPrefix: try row.text(2),
                scopes: try row.text(3).split(separator: " ").map(String.init),
                createdAt: try row.instant(4),
                revokedAt: try row.optionalInstant(5)
            )
        }
    }

    private static let columns = "id, name, shown_prefix, array_to_string(scopes, ' '), created_at, revoked_at"

    private static let insertKey = Statement(
        "keys_insert",
        """
        INSERT INTO api_keys (id, digest, name, shown_prefix, scopes, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (digest) DO NOTHING
        """
    )
    private static let findKey = Statement("keys_find", "SELECT \(columns) FROM api_keys WHERE digest = $1")
    private static let listKeys = Statement("keys_list", "SELECT \(columns) FROM api_keys ORDER BY id")
    private static let revokeKey = Statement(
        "keys_revoke",
        "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL"
    )
}
