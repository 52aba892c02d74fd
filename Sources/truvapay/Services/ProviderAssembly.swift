import Cryptography
import Foundation
import Operations
import Payments
import Providers

/// Sets up the providers that the settings name; one line each.
enum ProviderAssembly {
    /// The providers of this process.
    ///
    /// - Throws: when a profile or PayPal's extra authority cannot be read, or a PromptPay recipient is not one.
    static func registry(_ settings: Settings) throws -> ProviderRegistry {
        var providers: [any PaymentProvider] = []
        // Our own bank goes before Stripe, which offers PromptPay too.
        if let promptPay = try promptPay(settings) { providers.append(promptPay) }
        if let stripe = try stripe(settings) { providers.append(stripe) }
        if let payPal = try payPal(settings) { providers.append(payPal) }
        if let crypto = try crypto(settings) { providers.append(crypto) }
        return ProviderRegistry(providers)
    }

    private static func stripe(_ settings: Settings) throws -> StripeProvider? {
        guard let secretKey = settings.stripe.secretKey else { return nil }
        return StripeProvider(
            profile: try profile(.stripe),
            secretKey: secretKey,
            webhookSecrets: settings.stripe.webhookSecrets,
            apiBase: settings.stripe.apiBase
        )
    }

    private static func payPal(_ settings: Settings) throws -> PayPalProvider? {
        let payPal = settings.payPal
        guard let clientID = payPal.clientID, let clientSecret = payPal.clientSecret, let webhookID = payPal.webhookID else { return nil }
        var roots: [X509Certificate] = []
        if let file = payPal.webhookAuthorityFile {
            guard let data = FileManager.default.contents(atPath: file), let certificates = try? X509Certificate.readAll(pem: Array(data))
            else { throw Refusal("PAYPAL_WEBHOOK_CA_FILE: \(file) holds no certificate in PEM that can be read") }
            roots = certificates
        }
        let access = PayPalAccess(
            clientID: clientID,
            clientSecret: clientSecret,
            webhookID: webhookID,
            apiBase: payPal.apiBase,
            certificateHosts: payPal.webhookCertificateHosts,
            asksAPI: payPal.webhookAsksAPI
        )
        return PayPalProvider(profile: try profile(.payPal), access: access, trust: TrustStore(roots: roots, includesSystem: true))
    }

    private static func promptPay(_ settings: Settings) throws -> PromptPayProvider? {
        let promptPay = settings.promptPay
        var recipient: PromptPayRecipient?
        if let billerID = promptPay.billerID {
            recipient = try PromptPayRecipient(billerID: billerID)
        } else if let target = promptPay.target {
            recipient = try PromptPayRecipient(target: target)
        }
        // Omise makes the QR, and knows who is paid.
        guard recipient != nil || promptPay.bank == .omise else { return nil }
        return PromptPayProvider(
            profile: try profile(.promptPay),
            recipient: recipient,
            merchantName: promptPay.merchantName,
            bank: bank(promptPay)
        )
    }

    private static func bank(_ settings: Settings.PromptPay) -> PromptPayBank {
        let key = settings.apiKey ?? SecretText("")
        switch settings.bank {
        case .signed: return .signed(secrets: settings.webhookSecrets)
        case .scb:
            return .scb(
                SCBAccess(
                    apiBase: settings.apiBase ?? "",
                    apiKey: key,
                    apiSecret: settings.apiSecret ?? SecretText(""),
                    pathSecrets: settings.webhookSecrets
                )
            )
        case .omise:
            return .omise(
                OmiseAccess(
                    apiBase: settings.apiBase ?? "https://api.omise.co",
                    secretKey: key,
                    webhookSecrets: settings.webhookSecrets
                )
            )
        }
    }

    private static func crypto(_ settings: Settings) throws -> CryptoProvider? {
        guard let apiBase = settings.crypto.apiBase, !settings.crypto.webhookSecrets.isEmpty else { return nil }
        let path = "providers/crypto/policy.yaml"
        return CryptoProvider(
            profile: try profile(.crypto),
            policy: try ConfirmationsPolicy(yaml: String(decoding: try RunTimeFiles.contents(path), as: UTF8.self), file: path),
            webhookSecrets: settings.crypto.webhookSecrets,
            apiBase: apiBase
        )
    }

    private static func profile(_ name: ProviderName) throws -> ProviderProfile {
        let path = "providers/\(name.text)/profile.yaml"
        return try ProviderProfile(yaml: String(decoding: try RunTimeFiles.contents(path), as: UTF8.self), file: path)
    }
}
