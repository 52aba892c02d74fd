import Payments
import StrictJSON

/// The members of a PaymentIntent that we read, from an event or from an answer; everything else may change without notice.
struct StripePaymentIntent {
    let id: String
    let status: String
    private let amount: Amount
    private let received: Amount
    private let capturable: Amount
    /// Our own id, which Stripe carries for us.
    let chargeID: ChargeID?
    private let created: Timestamp
    private let canceledAt: Timestamp?
    private let redirectURL: String?
    /// The text of a PromptPay QR, as Stripe gives it: in test mode it is a web address.
    private let qrText: String?
    /// What the payment did to our balance, where the charge behind it was asked for and has got that far.
    private let movement: StripeBalanceTransaction?
    /// Whether money of it went back, a released part of an authorisation included.
    let hasRefunds: Bool
    private let error: JSONValue?

    /// Reads the object.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement) throws(InterpretationError) {
        guard object["object"]?.string == "payment_intent", let id = object["id"]?.string else {
            throw InterpretationError("the object is no payment_intent")
        }
        guard let status = object["status"]?.string else { throw InterpretationError("status is missing") }
        guard let currency = object["currency"]?.string, let minorUnits = object["amount"]?.int64 else {
            throw InterpretationError("amount or currency is missing")
        }
        self.id = id
        self.status = status
        amount = try StripeAmount.amount(minorUnits, currency: currency)
        // localstripe leaves amount_received and amount_capturable out; then the whole amount was meant.
        received = try StripeAmount.amount(object["amount_received"]?.int64 ?? minorUnits, currency: currency)
        capturable = try StripeAmount.amount(object["amount_capturable"]?.int64 ?? minorUnits, currency: currency)
        chargeID = object["metadata"]?["charge_id"]?.string.flatMap { ChargeID($0) }
        created = Timestamp(seconds: object["created"]?.int64 ?? 0)
        canceledAt = object["canceled_at"]?.int64.map { Timestamp(seconds: $0) }
        redirectURL = object["next_action"]?["redirect_to_url"]?["url"]?.string
        qrText = object["next_action"]?["promptpay_display_qr_code"]?["data"]?.string
        let transaction = object["latest_charge"]?["balance_transaction"]
        if let transaction, transaction["id"] != nil { movement = try StripeBalanceTransaction(transaction) } else { movement = nil }
        hasRefunds = (object["latest_charge"]?["amount_refunded"]?.int64 ?? 0) > 0
        error = object["last_payment_error"].flatMap { $0.isNull ? nil : $0.value }
    }

    /// What the object's own standing tells `charge`, and what Stripe kept if that is known; a cancellation that does not say when has
    /// happened by now.
    func standingFacts(for charge: Charge, asOf now: Timestamp) -> [PaymentFact] {
        let told = status == "canceled" ? canceledAt ?? now : created
        let facts = [fact(standing, at: max(told, charge.createdAt))]
        guard let movement, movement.fee.isPositive else { return facts }
        return facts + [fact(.fee(PaymentFact.Fee(transaction: movement.id, amount: movement.fee)), at: movement.created)]
    }

    /// A fact about the charge behind the intent.
    func fact(_ kind: PaymentFact.Kind, at occurredAt: Timestamp) -> PaymentFact {
        PaymentFact(
            provider: .stripe,
            subject: chargeID.map { .charge($0) } ?? .reference(id),
            kind: kind,
            occurredAt: occurredAt,
            providerReference: id
        )
    }

    /// What an event of this type says.
    func fact(toldBy eventType: String) throws(InterpretationError) -> PaymentFact.Kind {
        switch eventType {
        case "payment_intent.succeeded": return captured
        case "payment_intent.amount_capturable_updated": return .authorized(capturable)
        case "payment_intent.payment_failed": return .attemptFailed(StripeFailure.failure(error))
        case "payment_intent.canceled": return .canceled
        case "payment_intent.requires_action": return action
        case "payment_intent.created", "payment_intent.processing": return .processing
        default: throw InterpretationError("the event type tells nothing of a payment intent")
        }
    }

    /// What the object itself says, as an answer of the API; a status that we do not know means "still processing".
    private var standing: PaymentFact.Kind {
        switch status {
        case "succeeded": captured
        case "requires_capture": .authorized(capturable)
        case "canceled": .canceled
        case "requires_action": action
        case "requires_payment_method": error.map { .attemptFailed(StripeFailure.failure($0)) } ?? .processing
        default: .processing
        }
    }

    /// What the customer has to do, as far as it is ours to show.
    private var action: PaymentFact.Kind {
        if let qrText { return .actionRequired(.displayQR(payload: qrText, expiresAt: nil)) }
        return redirectURL.map { .actionRequired(.redirect(url: $0)) } ?? .processing
    }

    private var captured: PaymentFact.Kind {
        .captured(PaymentFact.Capture(amount: received, transaction: id))
    }
}
