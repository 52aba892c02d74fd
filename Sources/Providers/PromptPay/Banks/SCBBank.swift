import Cryptography
import Payments
import StrictJSON

/// Siam Commercial Bank: confirmations in its own fields, which it does not sign, so each is confirmed by the bank's inquiry before money
/// moves.
///
/// A secret part of the address keeps strangers out of the inbox; without one anybody may fill it, but nobody can move money.
struct SCBBank: BankAdapter {
    let canBeAsked = true
    private let client: SCBClient
    private let billerID: String
    private let pathSecrets: [[UInt8]]

    private static let lag = Duration.seconds(900)

    init(access: SCBAccess, billerID: String) {
        client = SCBClient(access: access)
        self.billerID = billerID
        pathSecrets = access.pathSecrets.filter { !$0.isEmpty }.map(\.bytes.exposed)
    }

    /// The bank's name for the movement and a digest of the body make the event's id: whoever guesses a name must not take the place of the
    /// bank's own event.
    func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) throws(WebhookRefusal) -> VerifiedWebhook {
        if !pathSecrets.isEmpty {
            guard let secret = webhook.pathSecret.map({ Array($0.utf8) }) else { throw .signatureMissing }
            guard pathSecrets.contains(where: { constantTimeEqual($0, secret) }) else { throw .signatureMismatch }
        }
        guard let document = try? JSONDocument(webhook.body, policy: .provider),
            let transaction = SCBAcknowledgement.transaction(in: document)
        else { throw .bodyMalformed }
        return VerifiedWebhook(
            verifiedBy: .promptPay,
            eventID: "\(transaction):\(Hexadecimal.encode(Array(SHA256.digest(webhook.body).prefix(8))))",
            eventType: BankConfirmation.eventType,
            body: webhook.body,
            read: document
        )
    }

    /// Points at a payment; its time stands in the object's id, because the bank is asked for a day.
    func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation {
        let told = try BankConfirmation(webhook.document().root.value)
        guard let reference = told.reference1 else { throw InterpretationError("billPaymentRef1 is missing, and the bank cannot be asked") }
        return .needsFetch(
            EventObject(subject: .reference(reference), kind: "payment", id: "\(told.paidAt.rfc3339)/\(told.transaction)")
        )
    }

    func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement {
        let transaction = (try? webhook.document()).flatMap(SCBAcknowledgement.transaction)
        return SCBAcknowledgement.of(transaction ?? "")
    }

    /// What is booked is what the inquiry answers: every payment under the reference on that day, whatever the event said of it.
    ///
    /// The bank's books may be some minutes behind its events; after that the event is not true.
    func inquire(_ object: EventObject, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        let time = String(object.id.prefix { $0 != "/" })
        guard case .reference(let reference) = object.subject, let paidAt = Timestamp(rfc3339: time) else {
            return .refused(reason: SCBBank.notConfirmed("the event does not say where to look"))
        }
        let day = BangkokTime.date(of: paidAt)
        switch await client.payments(to: billerID, reference1: reference, on: day, at: now, send: send) {
        case .answered(let payments) where payments.isEmpty:
            let age = now.since(paidAt)
            guard age < SCBBank.lag, age > Duration.zero - SCBBank.lag else {
                return .refused(reason: SCBBank.notConfirmed("the bank does not know of the payment"))
            }
            return .unknown(reason: "the bank does not know of the payment yet", retryAfter: nil)
        case .answered(let payments): return .facts(payments.map { $0.fact(ownBiller: billerID) })
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        }
    }

    private static func notConfirmed(_ message: String) -> ChargeFailure {
        ChargeFailure(code: "not_confirmed", message: "Not confirmed: \(message).", isRetryable: false)
    }

    /// Asks for every day from the charge's first to its last, because the inquiry takes one day at a time.
    func payments(of charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        guard let reference = charge.providerReference else { return .facts([]) }
        let first = BangkokTime.date(of: charge.createdAt).daysSince1970
        let end = charge.order.expiresAt.map { min($0.advanced(by: .seconds(600)), now) } ?? now
        let last = max(first, BangkokTime.date(of: end).daysSince1970)
        var facts: [PaymentFact] = []
        for day in max(first, last - 2)...last {
            let date = CivilDate(daysSince1970: day)
            switch await client.payments(to: billerID, reference1: reference, on: date, at: now, send: send) {
            case .answered(let payments): facts += payments.map { $0.fact(ownBiller: billerID) }
            case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
            case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
            }
        }
        return .facts(facts)
    }

    func look(up slip: BankSlip, at now: Timestamp, send: ProviderSend) async -> SlipAnswer? {
        await client.transfer(of: slip, at: now, send: send)
    }
}

/// Bangkok's clock: seven hours ahead of UTC, the whole year.
enum BangkokTime {
    static let offsetSeconds: Int64 = 7 * 3600

    /// The day in Bangkok on which an instant lies.
    static func date(of instant: Timestamp) -> CivilDate {
        instant.advanced(by: .seconds(offsetSeconds)).civilDate
    }
}
