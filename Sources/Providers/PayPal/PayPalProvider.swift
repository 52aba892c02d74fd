package import Cryptography
package import Payments
import StrictJSON

/// Payments from accounts at PayPal: orders v2, payments v2, disputes v1, and webhooks that are verified without asking PayPal.
///
/// PayPal's signature covers a CRC-32 of the body, which anybody can forge. So an event proves that PayPal has sent something with its
/// id, and no more: what it points at is read from the API before anything follows from it.
package struct PayPalProvider: PaymentProvider {
    package let name = ProviderName.payPal
    package let profile: ProviderProfile
    package let webhookEventTypes: [String] = PayPalEvents.table.filter { $0.value.isAsked }.keys.sorted()
    package let holdsPayments = true
    let access: PayPalAccess
    let calls: PayPalCalls
    let certificates: PayPalCertificates
    private let addresses: PayPalCertificateAddress

    /// Sets PayPal up; the token and the certificates that it learns are shared by all copies.
    package init(profile: ProviderProfile, access: PayPalAccess, trust: TrustStore) {
        self.profile = profile
        self.access = access
        let tokens = PayPalTokens(apiBase: access.apiBase, clientID: access.clientID, clientSecret: access.clientSecret)
        calls = PayPalCalls(apiBase: access.apiBase, tokens: tokens)
        certificates = PayPalCertificates(trust: trust)
        addresses = PayPalCertificateAddress(isSandbox: access.isSandbox, configuredHosts: access.certificateHosts)
    }

    /// An order has to be created.
    package func begin(_ charge: Charge, random: inout any RandomNumberGenerator) -> ChargeBeginning {
        .call
    }

    /// Judges a delivery whose certificate is known; refuses at once what needs none to be refused.
    package func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) -> WebhookVerdict {
        do throws(WebhookRefusal) {
            let transmission = try transmission(of: webhook)
            guard let standing = certificates.known(transmission.certificateAddress, at: now) else { return .undecided }
            // The API may still be asked.
            if case .unavailable = standing, access.asksAPI { return .undecided }
            return verdict(on: webhook, transmission, standing)
        } catch {
            return .refused(error)
        }
    }

    /// Reads the headers of a delivery.
    func transmission(of webhook: UnverifiedWebhook) throws(WebhookRefusal) -> PayPalTransmission {
        try PayPalTransmission(webhook, webhookID: access.webhookID, addresses: addresses)
    }

    /// Judges a delivery by what is known of its certificate.
    func verdict(
        on webhook: UnverifiedWebhook,
        _ transmission: PayPalTransmission,
        _ standing: PayPalCertificates.Standing
    ) -> WebhookVerdict {
        switch standing {
        case .refused: return .refused(.certificateRefused)
        case .unavailable(let reason): return .unavailable(reason: reason)
        case .good(let key):
            guard key.isValidSignature(transmission.signature, for: transmission.message) else { return .refused(.signatureMismatch) }
            return read(webhook)
        }
    }

    /// Reads the body of a delivery that PayPal has sent.
    func read(_ webhook: UnverifiedWebhook) -> WebhookVerdict {
        guard let document = try? JSONDocument(webhook.body, policy: .provider),
            let id = document.root["id"]?.string, let type = document.root["event_type"]?.string,
            (1...255).contains(id.utf8.count), (1...255).contains(type.utf8.count)
        else { return .refused(.bodyMalformed) }
        return .verified(VerifiedWebhook(verifiedBy: name, eventID: id, eventType: type, body: webhook.body, read: document))
    }

    /// PayPal wants nothing but the status.
    package func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement {
        WebhookAcknowledgement(contentType: "application/json", body: Array(#"{"received":true}"#.utf8))
    }

    /// Tells what the events of `providers/paypal/events.yaml` point at; all others are kept and ignored.
    package func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation {
        let event = try webhook.document().root
        guard let meaning = PayPalEvents.table[webhook.eventType] else { return .ignored(reason: "event type not known") }
        if meaning == .payout { return PayPalPayouts.interpret(event["resource"]) }
        guard let kind = meaning.objectKind else { return .ignored(reason: meaning.reason) }
        guard let resource = event["resource"] else { throw InterpretationError("the event has no resource") }
        guard let id = PayPalID(resource[meaning.idMember]?.string) else {
            throw InterpretationError("resource.\(meaning.idMember) is missing")
        }
        return .needsFetch(EventObject(subject: subject(of: resource, kind, id), kind: kind.rawValue, id: id.description))
    }

    /// Which charge the event seems to be about.
    private func subject(of resource: JSONElement, _ kind: PayPalObjectKind, _ id: PayPalID) -> PaymentFact.Subject {
        switch kind {
        case .order:
            let custom = resource["purchase_units"]?.array?.first?["custom_id"]?.string
            return custom.flatMap { ChargeID($0) }.map { .charge($0) } ?? .reference(id.description)
        case .capture, .authorization, .refund, .reversal: return PayPalOwner(resource).subject(nil)
        case .dispute:
            let custom = resource["disputed_transactions"]?.array?.first?["custom"]?.string
            return custom.flatMap { ChargeID($0) }.map { .charge($0) } ?? .unknown
        }
    }
}

/// How we are known at PayPal, and whom we believe.
package struct PayPalAccess: Sendable {
    let clientID: String
    let clientSecret: SecretText
    /// Part of what PayPal signs, and not in the delivery.
    let webhookID: String
    /// Root of the API, without a slash at its end.
    let apiBase: String
    /// Hosts of certificates besides PayPal's own.
    let certificateHosts: [String]
    /// Whether PayPal's API judges deliveries whose certificate cannot be had.
    let asksAPI: Bool

    /// Describes the access.
    package init(
        clientID: String,
        clientSecret: SecretText,
        webhookID: String,
        apiBase: String,
        certificateHosts: [String] = [],
        asksAPI: Bool = false
    ) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.webhookID = webhookID
        self.apiBase = apiBase.hasSuffix("/") ? String(apiBase.dropLast()) : apiBase
        self.certificateHosts = certificateHosts
        self.asksAPI = asksAPI
    }

    /// Whether the API is PayPal's sandbox, whose webhooks come from other hosts.
    var isSandbox: Bool {
        let host = apiBase.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        return host.hasSuffix(".sandbox.paypal.com")
    }
}
