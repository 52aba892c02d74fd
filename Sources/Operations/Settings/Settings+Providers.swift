package import Cryptography

extension Settings {
    /// Access to Stripe.
    package struct Stripe: Sendable {
        /// The API key; unset disables cards.
        package let secretKey: SecretText?
        /// Signing secrets, the newest first; never empty where `secretKey` is set.
        package let webhookSecrets: [SecretText]
        /// Root of the API, without a slash at its end.
        package let apiBase: String

        init(_ values: SettingsValues) throws(SettingsError) {
            secretKey = try values[SettingsTable.stripeSecretKey]
            webhookSecrets = try values[SettingsTable.stripeWebhookSecrets] ?? []
            apiBase = try values[SettingsTable.stripeAPIBase]?.text ?? "https://api.stripe.com"
        }
    }

    /// Access to PayPal; id, secret and webhook id are set together or PayPal is disabled.
    package struct PayPal: Sendable {
        /// The client id.
        package let clientID: String?
        /// The client secret.
        package let clientSecret: SecretText?
        /// The id of our webhook at PayPal, part of what PayPal signs.
        package let webhookID: String?
        /// Root of the API, without a slash at its end.
        package let apiBase: String
        /// Path of a PEM file with one more trust root for webhook certificates.
        package let webhookAuthorityFile: String?
        /// Hosts, some with a port, from which webhook certificates may come besides PayPal's own; in lower case.
        package let webhookCertificateHosts: [String]
        /// Whether PayPal's API judges webhooks whose certificate cannot be had.
        package let webhookAsksAPI: Bool

        init(_ values: SettingsValues) throws(SettingsError) {
            clientID = try values[SettingsTable.payPalClientID]
            clientSecret = try values[SettingsTable.payPalClientSecret]
            webhookID = try values[SettingsTable.payPalWebhookID]
            apiBase = try values[SettingsTable.payPalAPIBase]?.text ?? "https://api-m.paypal.com"
            webhookAuthorityFile = try values[SettingsTable.payPalWebhookAuthorityFile]
            webhookCertificateHosts = try values[SettingsTable.payPalWebhookCertificateHosts] ?? []
            webhookAsksAPI = try values[SettingsTable.payPalWebhookAsksAPI] ?? false
        }
    }

    /// Thai QR payments; at most one of `target` and `billerID` is set, and neither disables the method, but for a bank that makes the QR.
    package struct PromptPay: Sendable {
        /// Who confirms payments.
        package enum Bank: String, Sendable, CaseIterable {
            case signed
            case scb
            case omise
        }

        /// Who is paid, as `truvapay qr --target` takes it; its form is checked by who reads it.
        package let target: String?
        /// The 15 digits of a biller.
        package let billerID: String?
        /// The name shown on the QR.
        package let merchantName: String?
        /// Secrets of the bank's confirmations, the newest first.
        package let webhookSecrets: [SecretText]
        /// Who confirms payments.
        package let bank: Bank
        /// Root of the bank's API, without a slash at its end.
        package let apiBase: String?
        /// The key of the bank's API.
        package let apiKey: SecretText?
        /// The secret that goes with the key.
        package let apiSecret: SecretText?

        init(_ values: SettingsValues) throws(SettingsError) {
            target = try values[SettingsTable.promptPayTarget]
            billerID = try values[SettingsTable.promptPayBillerID]
            merchantName = try values[SettingsTable.promptPayMerchantName]
            webhookSecrets = try values[SettingsTable.promptPayWebhookSecrets] ?? []
            bank = try values[SettingsTable.promptPayBank] ?? .signed
            apiBase = try values[SettingsTable.promptPayAPIBase]?.text
            apiKey = try values[SettingsTable.promptPayAPIKey]
            apiSecret = try values[SettingsTable.promptPayAPISecret]
        }
    }

    /// Access to the processor of BTC, ETH and USDT.
    package struct CryptoProcessor: Sendable {
        /// Signing secrets, the newest first; empty disables the method.
        package let webhookSecrets: [SecretText]
        /// Root of the API, without a slash at its end.
        package let apiBase: String?

        init(_ values: SettingsValues) throws(SettingsError) {
            webhookSecrets = try values[SettingsTable.cryptoWebhookSecrets] ?? []
            apiBase = try values[SettingsTable.cryptoAPIBase]?.text
        }
    }
}
