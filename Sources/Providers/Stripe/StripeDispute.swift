import Payments
import StrictJSON

/// The members of a Dispute that we read, from an event.
struct StripeDispute {
    private let id: String
    private let subject: PaymentFact.Subject
    private let amount: Amount
    private let stage: PaymentFact.Dispute.Stage
    private let reason: String?
    private let respondBy: Timestamp?
    private let movements: [StripeBalanceTransaction]

    /// Reads the object; a status that we do not know means "asked".
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement) throws(InterpretationError) {
        guard object["object"]?.string == "dispute", let id = object["id"]?.string else {
            throw InterpretationError("the object is no dispute")
        }
        guard let currency = object["currency"]?.string, let minorUnits = object["amount"]?.int64 else {
            throw InterpretationError("amount or currency is missing")
        }
        self.id = id
        subject = StripeID.of(object["payment_intent"]).map { .reference($0) } ?? .unknown
        amount = try StripeAmount.amount(minorUnits, currency: currency)
        stage =
            switch object["status"]?.string {
            case "needs_response": .opened
            case "under_review", "appeal_needs_response", "appeal_under_review": .underReview
            case "won": .won
            case "lost": .lost
            case "warning_closed", "prevented": .closed
            default: .inquiry
            }
        reason = object["reason"]?.string
        respondBy = object["evidence_details"]?["due_by"]?.int64.map { Timestamp(seconds: $0) }
        var movements: [StripeBalanceTransaction] = []
        for transaction in object["balance_transactions"]?.array ?? [] { movements.append(try StripeBalanceTransaction(transaction)) }
        self.movements = movements
    }

    /// How the dispute stands, and the money that it has moved so far; each movement is told again by every later event.
    func facts(at moment: Timestamp) -> [PaymentFact] {
        let told = PaymentFact.Dispute(dispute: id, amount: amount, stage: stage, reason: reason, respondBy: respondBy)
        return movements.compactMap(fact) + [fact(.dispute(told), at: moment)]
    }

    private func fact(_ movement: StripeBalanceTransaction) -> PaymentFact? {
        let minorUnits = movement.amount.minorUnits
        guard minorUnits != 0 else { return nil }
        let isTaken = minorUnits < 0
        let fee = isTaken ? movement.fee : Amount(minorUnits: -movement.fee.minorUnits, asset: movement.fee.asset)
        let funds = PaymentFact.DisputeFunds(
            dispute: id,
            transaction: movement.id,
            amount: Amount(minorUnits: abs(minorUnits), asset: movement.amount.asset),
            fee: fee.isPositive ? fee : nil,
            direction: isTaken ? .withdrawn : .reinstated
        )
        return fact(.disputeFunds(funds), at: movement.created)
    }

    private func fact(_ kind: PaymentFact.Kind, at moment: Timestamp) -> PaymentFact {
        PaymentFact(provider: .stripe, subject: subject, kind: kind, occurredAt: moment)
    }
}
