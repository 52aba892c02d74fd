package import Cryptography
import HTTPTypes
package import Payments
import StrictJSON

/// Card payments through Stripe's PaymentIntents, API version 2026-07-29.dahlia.
package struct StripeProvider: PaymentProvider {
    package let name = ProviderName.stripe
    package let profile: ProviderProfile
    package let holdsPayments = true
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
            try header.check(webhook.body, keys: webhookKeys, now: now.seconds)
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
        guard let meaning = StripeEvents.meaning(of: webhook.eventType) else { return .ignored(reason: "event type not known") }
        guard case .paymentIntent = meaning else { return .ignored(reason: meaning.reason) }
        guard event["object"]?.string == "event", let object = event["data"]?["object"], let created = event["created"]?.int64 else {
            throw InterpretationError("the event lacks data.object or created")
        }
        // localstripe and old fixtures leave livemode out; when it is there it must be ours.
        if let livemode = event["livemode"]?.bool, livemode != isLive {
            throw InterpretationError("livemode is not that of the secret key")
        }
        let intent = try StripePaymentIntent(object)
        let kind = try intent.fact(toldBy: webhook.eventType)
        // Creation comes before everything else that is told of a payment, but its event may tell a later second than the answer did.
        let happenedAt = webhook.eventType == "payment_intent.created" ? Timestamp(seconds: 0) : Timestamp(seconds: created)
        return .facts([intent.fact(kind, at: happenedAt)])
    }
}

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a header name of ours is not a token") }
        return name
    }

    static let stripeSignature = known("Stripe-Signature")
    static let stripeVersion = known("Stripe-Version")
    static let stripeIdempotencyKey = known("Idempotency-Key")
    static let bankSignature = known("Bank-Signature")
}
