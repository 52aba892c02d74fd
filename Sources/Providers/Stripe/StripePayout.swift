import Payments
import StrictJSON

/// The members of a Payout that we read: Stripe's word for a settlement to our bank.
struct StripePayout {
    private let id: String
    private let amount: Amount
    private let state: PaymentFact.Payout.State

    /// Reads the object; a status that we do not know means "pending".
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement) throws(InterpretationError) {
        guard object["object"]?.string == "payout", let id = object["id"]?.string else {
            throw InterpretationError("the object is no payout")
        }
        guard let currency = object["currency"]?.string, let minorUnits = object["amount"]?.int64 else {
            throw InterpretationError("amount or currency is missing")
        }
        self.id = id
        amount = try StripeAmount.amount(minorUnits, currency: currency)
        state =
            switch object["status"]?.string {
            case "in_transit": .inTransit
            case "paid": .paid
            case "failed": .failed
            case "canceled": .canceled
            default: .pending
            }
    }

    /// How the settlement stands.
    func fact(at moment: Timestamp) -> PaymentFact {
        PaymentFact(
            provider: .stripe,
            subject: .unknown,
            kind: .payout(PaymentFact.Payout(payout: id, amount: amount, state: state)),
            occurredAt: moment
        )
    }
}
