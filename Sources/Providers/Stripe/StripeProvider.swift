package import Cryptography
import HTTPTypes
package import Payments
import StrictJSON

/// Card payments through Stripe's PaymentIntents, API version 2026-07-29.dahlia.
package struct StripeProvider: PaymentProvider {
    package let name = ProviderName.stripe
    package let profile: ProviderProfile
    package let holdsPayments = true
    package let webhookEventTypes: [String] = StripeEvents.table.filter(\.value.isRead).keys.sorted()
    private let webhookKeys: [HMACKey]
    /// Whether events must be of the live mode, as the secret key is.
    private let isLive: Bool
    let requests: StripeRequests

    /// Sets Stripe up; several webhook secrets let one replace the other without a gap.
    package init(profile: ProviderProfile, secretKey: SecretText, webhookSecrets: [SecretText], apiBase: String) {
        self.profile = profile
        // The key of the signature is the whole secret as text, `whsec_` included; unlike Standard Webhooks it is not decoded.
        webhookKeys = webhookSecrets.filter { !$0.isEmpty }.map { HMACKey($0) }
        isLive = secretKey.exposed.hasPrefix("sk_live_") || secretKey.exposed.hasPrefix("rk_live_")
        requests = StripeRequests(apiBase: apiBase, secretKey: secretKey)
    }

    /// A PaymentIntent has to be created.
    package func begin(_ charge: Charge, random: inout any RandomNumberGenerator) -> ChargeBeginning {
        .call
    }

    /// Stripe's documentation, "Verify webhook signatures manually".
    package func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) -> WebhookVerdict {
        do throws(WebhookRefusal) {
            let header = try SignedHeader(webhook.headers[.stripeSignature])
            try header.check(webhook.body, keys: webhookKeys, now: now.seconds, future: .accepted)
            guard let document = try? JSONDocument(webhook.body, policy: .provider),
                let id = document.root["id"]?.string, let type = document.root["type"]?.string,
                (1...255).contains(id.utf8.count), type.utf8.count <= 255
            else { throw .bodyMalformed }
            return .verified(VerifiedWebhook(verifiedBy: name, eventID: id, eventType: type, body: webhook.body, read: document))
        } catch {
            return .refused(error)
        }
    }

    /// Stripe wants nothing but the status.
    package func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement {
        WebhookAcknowledgement(contentType: "application/json", body: Array(#"{"received":true}"#.utf8))
    }

    /// Reads the events of `providers/stripe/events.yaml`; all others are kept and ignored.
    package func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation {
        let event = try webhook.document().root
        guard let meaning = StripeEvents.table[webhook.eventType] else { return .ignored(reason: "event type not known") }
        guard meaning.isRead else { return .ignored(reason: meaning.reason) }
        guard event["object"]?.string == "event", let object = event["data"]?["object"], let created = event["created"]?.int64 else {
            throw InterpretationError("the event lacks data.object or created")
        }
        // localstripe and old fixtures leave livemode out; when it is there it must be ours.
        if let livemode = event["livemode"]?.bool, livemode != isLive {
            throw InterpretationError("livemode is not that of the secret key")
        }
        let moment = Timestamp(seconds: created)
        switch meaning {
        case .paymentIntent: return .facts([try fact(of: StripePaymentIntent(object), toldBy: webhook.eventType, at: moment)])
        case .refund: return .facts([try StripeRefund(object).fact(at: moment)])
        case .dispute: return .facts(try StripeDispute(object).facts(at: moment))
        case .payout: return .facts([try StripePayout(object).fact(at: moment)])
        case .charge: return needsFetch(object, toldBy: webhook.eventType, previous: event["data"]?["previous_attributes"])
        case .toldByIntent, .kept: return .ignored(reason: meaning.reason)
        }
    }

    private func fact(
        of intent: StripePaymentIntent,
        toldBy type: String,
        at moment: Timestamp
    ) throws(InterpretationError) -> PaymentFact {
        let kind = try intent.fact(toldBy: type)
        // Creation comes before everything else that is told of a payment, but its event may tell a later second than the answer did.
        return intent.fact(kind, at: type == "payment_intent.created" ? Timestamp(seconds: 0) : moment)
    }

    /// A charge's own event only says that something about it can now be read: its fee, or the list of its refunds.
    private func needsFetch(_ charge: JSONElement, toldBy type: String, previous: JSONElement?) -> Interpretation {
        if type == "charge.updated" {
            if let previous, previous["balance_transaction"] == nil { return .ignored(reason: "nothing about money") }
            guard StripeID.of(charge["balance_transaction"]) != nil else { return .ignored(reason: "no balance transaction yet") }
        }
        let intent = StripeID.of(charge["payment_intent"])
        let own = charge["metadata"]?["charge_id"]?.string.flatMap { ChargeID($0) }.map { PaymentFact.Subject.charge($0) }
        let subject = own ?? intent.map { .reference($0) } ?? .unknown
        return .needsFetch(EventObject(subject: subject, kind: "payment_intent", id: intent ?? ""))
    }
}

extension HTTPField.Name {
    static let stripeSignature = known("Stripe-Signature")
    static let stripeVersion = known("Stripe-Version")
    static let stripeShouldRetry = known("Stripe-Should-Retry")
    static let stripeIdempotencyKey = known("Idempotency-Key")
    static let bankSignature = known("Bank-Signature")
    static let btcPaySignature = known("BTCPay-Sig")
}
