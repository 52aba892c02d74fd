import Cryptography
import HTTPTypes
import Payments
import StrictJSON

/// The generic bank: SCB's fields, signed by the bank or by the bridge that speaks to it, and believed for that.
///
/// `Bank-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.
struct SignedBank: BankAdapter {
    let canBeAsked = false
    private let keys: [HMACKey]
    private let ownBiller: String?

    init(secrets: [SecretText], ownBiller: String?) {
        keys = secrets.filter { !$0.isEmpty }.map { HMACKey($0) }
        self.ownBiller = ownBiller
    }

    func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) throws(WebhookRefusal) -> VerifiedWebhook {
        let header = try SignedHeader(webhook.headers[.bankSignature])
        try header.check(webhook.body, keys: keys, now: now.seconds, future: .limited)
        guard let document = try? JSONDocument(webhook.body, policy: .provider),
            let transaction = SCBAcknowledgement.transaction(in: document)
        else { throw .bodyMalformed }
        return VerifiedWebhook(
            verifiedBy: .promptPay,
            eventID: transaction,
            eventType: BankConfirmation.eventType,
            body: webhook.body,
            read: document
        )
    }

    /// A confirmation is always of money received.
    func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation {
        let confirmation = try BankConfirmation(webhook.document().root.value)
        return .facts([confirmation.fact(ownBiller: ownBiller)])
    }

    func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement {
        SCBAcknowledgement.of(webhook.eventID)
    }
}
