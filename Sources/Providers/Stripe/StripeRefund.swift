import Payments
import StrictJSON

/// The members of a Refund that we read, from an event or from an answer.
struct StripeRefund {
    let id: String
    /// Our own id, which Stripe carries for us; nil for a refund made by hand.
    let refundID: RefundID?
    let created: Timestamp
    private let chargeID: ChargeID?
    private let paymentIntent: String?
    private let amount: Amount
    private let state: PaymentFact.Refund.State

    /// Reads the object; a status that we do not know means "pending".
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement) throws(InterpretationError) {
        guard object["object"]?.string == "refund", let id = object["id"]?.string else {
            throw InterpretationError("the object is no refund")
        }
        guard let currency = object["currency"]?.string, let minorUnits = object["amount"]?.int64, minorUnits > 0 else {
            throw InterpretationError("amount or currency is missing")
        }
        self.id = id
        amount = try StripeAmount.amount(minorUnits, currency: currency)
        refundID = object["metadata"]?["refund_id"]?.string.flatMap { RefundID($0) }
        chargeID = object["metadata"]?["charge_id"]?.string.flatMap { ChargeID($0) }
        paymentIntent = StripeID.of(object["payment_intent"])
        created = Timestamp(seconds: object["created"]?.int64 ?? 0)
        state =
            switch object["status"]?.string {
            case "succeeded": .succeeded
            case "requires_action": .requiresAction
            case "failed": .failed(reason: object["failure_reason"]?.string ?? "unknown")
            case "canceled": .canceled
            default: .pending
            }
    }

    /// How the refund stands, by what it says of its charge itself.
    func fact(at moment: Timestamp) -> PaymentFact {
        fact(chargeID.map { .charge($0) } ?? paymentIntent.map { .reference($0) } ?? .unknown, at: moment)
    }

    /// How the refund of a known charge stands.
    func fact(of charge: Charge, at moment: Timestamp) -> PaymentFact {
        fact(.charge(charge.id), at: moment)
    }

    private func fact(_ subject: PaymentFact.Subject, at moment: Timestamp) -> PaymentFact {
        PaymentFact(
            provider: .stripe,
            subject: subject,
            kind: .refund(PaymentFact.Refund(refundID: refundID, transaction: id, amount: amount, state: state)),
            occurredAt: moment
        )
    }
}

/// An id where Stripe may put the whole object in its place.
enum StripeID {
    static func of(_ member: JSONElement?) -> String? {
        member?.string ?? member?["id"]?.string
    }
}
