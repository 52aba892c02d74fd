import Cryptography

extension SettingParser where Value == SecretText {
    /// One secret that goes into a header, or is compared with one.
    static let secret = SettingParser("printable ASCII without spaces, at most 512 characters", isSecret: true) { text in
        text.isIdentifier(lengthMax: 512) ? SecretText(text) : nil
    }

    /// What libpq understands: a URI or `key=value` pairs; it is a secret because it may hold a password.
    ///
    /// PostgreSQL documentation, 34.1.1: a string with neither would be taken for a database name, which is always a mistake here.
    static let connectionString = SettingParser(
        "a PostgreSQL connection string, postgresql://user:password@host/database or key=value pairs",
        isSecret: true
    ) { text in
        let isURI = text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
        return isURI || text.contains("=") ? SecretText(text) : nil
    }
}

extension SettingParser where Value == [SecretText] {
    /// Several secrets, the newest first, so that one can be exchanged while the other is still in use.
    static let secrets = SettingParser(
        "one or more secrets of printable ASCII separated by commas, each at most 512 characters",
        isSecret: true
    ) { text in
        text.pieces(separatedBy: ",") { $0.isIdentifier(lengthMax: 512) ? SecretText($0) : nil }
    }

    /// Standard Webhooks, "Signature scheme": `whsec_` and the base64 of 24 to 64 bytes; several are separated by spaces.
    static let standardWebhooksSecrets = SettingParser(
        "`whsec_` followed by the base64 of 24 to 64 random bytes; several are separated by spaces",
        isSecret: true
    ) { text in
        text.pieces(separatedBy: " ") { piece in
            let prefix = "whsec_"
            guard piece.hasPrefix(prefix), let key = try? Base64.decode(String(piece.dropFirst(prefix.count))) else { return nil }
            return (24...64).contains(key.count) ? SecretText(piece) : nil
        }
    }
}
