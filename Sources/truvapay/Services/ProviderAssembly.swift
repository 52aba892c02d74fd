import Foundation
import Operations
import Payments
import Providers

/// Sets up the providers that the settings name; one line each.
enum ProviderAssembly {
    /// The providers of this process.
    ///
    /// - Throws: when a profile cannot be read or a PromptPay recipient is not one.
    static func registry(_ settings: Settings) throws -> ProviderRegistry {
        var providers: [any PaymentProvider] = []
        if let stripe = try stripe(settings) { providers.append(stripe) }
        if let promptPay = try promptPay(settings) { providers.append(promptPay) }
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

    private static func promptPay(_ settings: Settings) throws -> PromptPayProvider? {
        let recipient: PromptPayRecipient
        if let billerID = settings.promptPay.billerID {
            recipient = try PromptPayRecipient(billerID: billerID)
        } else if let target = settings.promptPay.target {
            recipient = try PromptPayRecipient(target: target)
        } else {
            return nil
        }
        return PromptPayProvider(
            profile: try profile(.promptPay),
            recipient: recipient,
            merchantName: settings.promptPay.merchantName,
            webhookSecrets: settings.promptPay.webhookSecrets
        )
    }

    private static func profile(_ name: ProviderName) throws -> ProviderProfile {
        let path = "providers/\(name.text)/profile.yaml"
        return try ProviderProfile(yaml: String(decoding: try RunTimeFiles.contents(path), as: UTF8.self), file: path)
    }
}
