package import Cryptography
import HTTPTypes
package import Payments
import StrictJSON

/// Thai QR payments into our own bank account, confirmed by the bank.
package struct PromptPayProvider: PaymentProvider {
    package let name = ProviderName.promptPay
    package let profile: ProviderProfile
    package let holdsPayments = false
    private let recipient: PromptPayRecipient
    private let merchantName: String?
    private let webhookKeys: [HMACKey]

    /// Sets PromptPay up; several secrets let one replace the other without a gap.
    package init(profile: ProviderProfile, recipient: PromptPayRecipient, merchantName: String?, webhookSecrets: [SecretText]) {
        self.profile = profile
        self.recipient = recipient
        self.merchantName = merchantName
        webhookKeys = webhookSecrets.filter { !$0.isEmpty }.map { HMACKey($0) }
    }

    /// Draws the QR: nobody has to be asked.
    package func begin(_ charge: Charge, random: inout any RandomNumberGenerator) -> ChargeBeginning {
        let reference = PromptPayReference.make(random: &random)
        let kind: PaymentFact.Kind
        do throws(PromptPayError) {
            let payload = try payload(for: charge.order.amount, reference: reference)
            kind = .actionRequired(.displayQR(payload: payload.text, expiresAt: charge.order.expiresAt))
        } catch {
            kind = .attemptFailed(
                ChargeFailure(code: "provider_refused", message: error.description, providerCode: error.rawValue, isRetryable: false)
            )
        }
        return .immediate(
            PaymentFact(
                provider: name,
                subject: .charge(charge.id),
                kind: kind,
                occurredAt: charge.createdAt,
                providerReference: reference
            )
        )
    }

    private func payload(for amount: Amount, reference: String) throws(PromptPayError) -> PromptPayPayload {
        var labels = PromptPayLabels()
        labels.merchantName = merchantName
        // A credit transfer has no place for a reference that comes back; the label at least shows it on slips of some apps.
        if case .target = recipient { labels.reference = reference }
        return try PromptPayPayload(target: recipient.target(reference: reference), amount: PromptPayAmount(amount), labels: labels)
    }

    /// The generic signed confirmation: `Bank-Signature: t=…,v1=…` over `t.body`.
    package func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) -> WebhookVerdict {
        do throws(WebhookRefusal) {
            let header = try SignedHeader(webhook.headers[.bankSignature])
            try header.check(webhook.body, keys: webhookKeys, now: now.seconds)
            guard let document = try? JSONDocument(webhook.body, policy: .provider),
                let transaction = document.root["transactionId"]?.string, (1...100).contains(transaction.utf8.count),
                transaction.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else { throw .bodyMalformed }
            return .verified(
                VerifiedWebhook(
                    verifiedBy: name,
                    eventID: transaction,
                    eventType: BankConfirmation.eventType,
                    body: webhook.body,
                    read: document
                )
            )
        } catch {
            return .refused(error)
        }
    }

    /// A confirmation is always of money received.
    package func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation {
        let confirmation = try BankConfirmation(webhook.document().root.value)
        return .facts([confirmation.fact(ownBiller: ownBiller)])
    }

    private var ownBiller: String? {
        if case .biller(let id) = recipient { id } else { nil }
    }

    /// SCB, "Payment confirmation": anything else is sent again three times.
    package func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement {
        let body = JSONValue.object(
            JSONObject([("resCode", .string("00")), ("resDesc", .string("success")), ("transactionId", .string(webhook.eventID))])
        )
        return WebhookAcknowledgement(contentType: "application/json", body: body.serialized())
    }

    /// The bank keeps nothing of ours that could be closed or asked for; our own clock ends a charge.
    package func perform(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome
    {
        switch operation {
        case .expire:
            .facts([PaymentFact(provider: name, subject: .charge(charge.id), kind: .expired, occurredAt: charge.order.expiresAt ?? now)])
        case .create, .fetch:
            .unknown(reason: "the bank is not asked, it confirms", retryAfter: .seconds(600))
        }
    }
}
