package import Cryptography
import HTTPTypes
package import Payments
import StrictJSON

/// BTC, ETH and USDT through a payment processor: a stub that speaks to our own simulator and takes coins of test networks only.
package struct CryptoProvider: InquiringProvider {
    package let name = ProviderName.crypto
    package let profile: ProviderProfile
    package let holdsPayments = true
    package let webhookEventTypes: [String] = CryptoEvents.table.filter { $0.value == .fetch }.keys.sorted()
    let coins: [CryptoAsset]
    let policy: ConfirmationsPolicy
    let requests: CryptoRequests
    private let webhookKeys: [HMACKey]

    /// Sets the processor up; several webhook secrets let one replace the other without a gap.
    package init(
        profile: ProviderProfile,
        policy: ConfirmationsPolicy,
        webhookSecrets: [SecretText],
        apiBase: String,
        coins: [CryptoAsset] = CryptoAsset.test
    ) {
        self.profile = profile
        self.policy = policy
        self.coins = coins
        requests = CryptoRequests(apiBase: apiBase)
        webhookKeys = webhookSecrets.filter { !$0.isEmpty }.map { HMACKey($0) }
    }

    /// An invoice has to be made: the processor knows the rate and the address.
    package func begin(_ charge: Charge, random: inout any RandomNumberGenerator) -> ChargeBeginning {
        .call
    }

    /// BTCPay's scheme; a delivery id comes once, so what comes twice is known by it.
    package func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) -> WebhookVerdict {
        do throws(WebhookRefusal) {
            try BTCPaySignature.check(webhook.headers[.btcPaySignature], webhook.body, keys: webhookKeys)
            guard let document = try? JSONDocument(webhook.body, policy: .provider),
                let delivery = document.root["deliveryId"]?.string, (1...255).contains(delivery.utf8.count),
                let type = document.root["type"]?.string, (1...255).contains(type.utf8.count)
            else { throw .bodyMalformed }
            return .verified(VerifiedWebhook(verifiedBy: name, eventID: delivery, eventType: type, body: webhook.body, read: document))
        } catch {
            return .refused(error)
        }
    }

    /// The processor looks at the status alone.
    package func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement {
        WebhookAcknowledgement(contentType: "application/json", body: Array(#"{"received":true}"#.utf8))
    }

    /// A webhook is a hint and no more: the invoice is fetched and compared.
    package func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation {
        guard let meaning = CryptoEvents.table[webhook.eventType] else { return .ignored(reason: "event type not known") }
        guard meaning == .fetch else { return .ignored(reason: "kept, not acted upon") }
        guard let invoice = try webhook.document().root["invoiceId"]?.string, CryptoInvoice.isIdentifier(invoice) else {
            throw InterpretationError("invoiceId is missing")
        }
        return .needsFetch(EventObject(subject: .reference(invoice), kind: "invoice", id: invoice))
    }
}
