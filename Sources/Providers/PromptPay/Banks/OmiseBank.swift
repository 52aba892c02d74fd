import Cryptography
import HTTPTypes
import Payments
import StrictJSON

/// Omise (Opn Payments), which makes the QR and tells of its payment by a signed `charge.complete`; the charge is read again before money
/// moves, as Omise's documentation asks for.
struct OmiseBank: BankAdapter {
    let canBeAsked = true
    let makesQR = true
    private let access: OmiseAccess
    private let keys: [HMACKey]

    /// The one event that is acted upon; it tells of failures too.
    static let completed = "charge.complete"
    let eventType = OmiseBank.completed

    init(access: OmiseAccess) {
        self.access = access
        keys = access.webhookSecrets.compactMap { try? Base64.decode($0.exposed) }.filter { !$0.isEmpty }.map { HMACKey($0) }
    }

    func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) throws(WebhookRefusal) -> VerifiedWebhook {
        let signature = try OmiseSignature(webhook.headers)
        try signature.check(webhook.body, keys: keys, now: now.seconds)
        guard let document = try? JSONDocument(webhook.body, policy: .provider),
            let id = document.root["id"]?.string, let key = document.root["key"]?.string,
            (1...255).contains(id.utf8.count), (1...255).contains(key.utf8.count)
        else { throw .bodyMalformed }
        return VerifiedWebhook(verifiedBy: .promptPay, eventID: id, eventType: key, body: webhook.body, read: document)
    }

    func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation {
        guard webhook.eventType == OmiseBank.completed else { return .ignored(reason: "event type not known") }
        let name = try OmiseBank.chargeName(in: webhook)
        return .needsFetch(EventObject(subject: .reference(name), kind: "charge", id: name))
    }

    private static func chargeName(in webhook: VerifiedWebhook) throws(InterpretationError) -> String {
        let event = try webhook.document().root
        guard event["object"]?.string == "event", event["data"]?["object"]?.string == "charge" else {
            throw InterpretationError("data is no charge")
        }
        guard let name = event["data"]?["id"]?.string, OmiseCharge.isName(name) else { throw InterpretationError("data.id is no charge's") }
        return name
    }

    /// Omise wants nothing but the status.
    func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement {
        WebhookAcknowledgement(contentType: "application/json", body: Array(#"{"received":true}"#.utf8))
    }

    func inquire(_ object: EventObject, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        let outcome = await charge(object.id, send)
        guard case .facts(let facts) = outcome, facts.isEmpty else { return outcome }
        return .unknown(reason: "the charge is still pending", retryAfter: nil)
    }

    /// Repeating is safe without a key: the QR of an attempt whose answer was lost is shown to nobody, so nobody can pay it.
    func create(_ charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        guard let satang = Int64(exactly: charge.order.amount.minorUnits), charge.order.amount.asset == .thb else {
            return .facts([failed(charge, "the amount is not in baht")])
        }
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        let form = FormEncoding.encode([
            ("amount", String(satang)), ("currency", "THB"), ("source[type]", "promptpay"),
            ("metadata[charge_id]", charge.id.description), ("metadata[order_id]", charge.order.orderID),
        ])
        let request = ProviderRequest(method: .post, url: access.apiBase + "/charges", headers: headers, body: Array(form.utf8))
        switch await send(request) {
        case .notSent(let reason): return .notDone(reason: reason, retryAfter: nil)
        case .unknown(let reason): return .unknown(reason: reason, retryAfter: nil)
        case .answered(200, _, let body):
            guard let made = OmiseCharge(body), let url = made.pictureURL else {
                return .unknown(reason: "the answer is no charge with a QR", retryAfter: nil)
            }
            return .facts([made.fact(.actionRequired(.redirect(url: url)), for: charge.id, at: charge.createdAt)])
        case .answered(let status, _, _) where status == 401 || status == 403 || status == 429:
            return .notDone(reason: "Omise answered \(status)", retryAfter: .seconds(30))
        case .answered(let status, _, _) where (400...499).contains(status):
            return .facts([failed(charge, "Omise answered \(status)")])
        case .answered(let status, _, _): return .unknown(reason: "Omise answered \(status)", retryAfter: nil)
        }
    }

    func payments(of charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        guard let name = charge.providerReference else { return .facts([]) }
        return await self.charge(name, send)
    }

    func close(_ charge: Charge, at now: Timestamp, send: ProviderSend) async {
        guard let name = charge.providerReference, OmiseCharge.isName(name) else { return }
        _ = await send(ProviderRequest(method: .post, url: "\(access.apiBase)/charges/\(name)/expire", headers: headers))
    }

    /// Reads a charge; no fact while it is pending.
    private func charge(_ name: String, _ send: ProviderSend) async -> ProviderOutcome {
        guard OmiseCharge.isName(name) else { return .refused(reason: OmiseBank.failure("this is no name of a charge")) }
        switch await send(ProviderRequest(method: .get, url: "\(access.apiBase)/charges/\(name)", headers: headers)) {
        case .notSent(let reason): return .notDone(reason: reason, retryAfter: nil)
        case .unknown(let reason): return .unknown(reason: reason, retryAfter: nil)
        case .answered(200, _, let body):
            guard let charge = OmiseCharge(body), charge.name == name else {
                return .unknown(reason: "the answer is not the charge", retryAfter: nil)
            }
            return .facts(charge.facts)
        case .answered(404, _, _): return .refused(reason: OmiseBank.failure("Omise does not know the charge"))
        case .answered(let status, _, _): return .unknown(reason: "Omise answered \(status)", retryAfter: nil)
        }
    }

    private func failed(_ charge: Charge, _ message: String) -> PaymentFact {
        PaymentFact(
            provider: .promptPay,
            subject: .charge(charge.id),
            kind: .attemptFailed(OmiseBank.failure(message)),
            occurredAt: charge.createdAt
        )
    }

    private static func failure(_ message: String) -> ChargeFailure {
        ChargeFailure(code: "provider_refused", message: message, isRetryable: false)
    }

    /// The secret key is the user's name of basic authentication, with an empty password.
    private var headers: HTTPFields {
        [.authorization: "Basic " + Base64.encode(Array("\(access.secretKey.exposed):".utf8))]
    }
}
