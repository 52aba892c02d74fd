package import Cryptography
import Payments

/// Which bank confirms the payments, with what it takes to speak to it.
package enum PromptPayBank: Sendable {
    /// SCB's fields with our own signature; several secrets let one replace the other without a gap.
    case signed(secrets: [SecretText])
    /// Siam Commercial Bank.
    case scb(SCBAccess)
    /// Omise (Opn Payments).
    case omise(OmiseAccess)
}

/// Access to SCB's API, and the secret part of the address at which it confirms.
package struct SCBAccess: Sendable {
    /// Root of the API, for example `https://api.partners.scb/partners`.
    let apiBase: String
    let apiKey: SecretText
    let apiSecret: SecretText
    /// Confirmations must come to an address that ends with one of these; empty lets all in, and the inquiry alone decides.
    let pathSecrets: [SecretText]

    /// Describes the access.
    package init(apiBase: String, apiKey: SecretText, apiSecret: SecretText, pathSecrets: [SecretText]) {
        self.apiBase = apiBase
        self.apiKey = apiKey
        self.apiSecret = apiSecret
        self.pathSecrets = pathSecrets
    }
}

/// Access to Omise's API, and the keys of its webhooks.
package struct OmiseAccess: Sendable {
    /// Root of the API, for example `https://api.omise.co`.
    let apiBase: String
    /// The key that begins with `skey_`.
    let secretKey: SecretText
    /// Base64 as the dashboard shows them; what is not base64 verifies nothing.
    let webhookSecrets: [SecretText]

    /// Describes the access.
    package init(apiBase: String, secretKey: SecretText, webhookSecrets: [SecretText]) {
        self.apiBase = apiBase
        self.secretKey = secretKey
        self.webhookSecrets = webhookSecrets
    }
}
