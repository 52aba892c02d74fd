import Cryptography

/// The key bytes of a Standard Webhooks secret.
enum StandardWebhookSecret {
    /// The bytes behind `whsec_`; the settings have checked the form before.
    static func key(of secret: SecretText) -> [UInt8] {
        let text = secret.exposed
        let prefix = "whsec_"
        return (try? Base64.decode(text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)) ?? []
    }
}
