import Payments
import StrictJSON

/// The members of a dispute that we read.
struct PayPalDispute {
    let id: PayPalID
    /// Our charge, when PayPal tells it.
    let chargeID: ChargeID?
    /// The disputed capture.
    let captureID: PayPalID?
    private let amount: Amount
    private let stage: PaymentFact.Dispute.Stage
    private let reason: String?
    private let respondBy: Timestamp?
    private let updatedAt: Timestamp
    private let movements: [Movement]

    /// Money that the dispute has moved.
    private struct Movement {
        let amount: Amount
        let isDebit: Bool
        let isFee: Bool
        let occurredAt: Timestamp
    }

    /// Reads the object; it is named by `dispute_id` and has no `id`.
    ///
    /// `taking` is money that PayPal has certainly taken for it, listed or not.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement, taking taken: PayPalRefund? = nil) throws(InterpretationError) {
        guard let id = PayPalID(object["dispute_id"]?.string) else { throw InterpretationError("the dispute has no id") }
        self.id = id
        let disputed = object["disputed_transactions"]?.array?.first
        chargeID = disputed?["custom"]?.string.flatMap { ChargeID($0) }
        captureID = PayPalID(disputed?["seller_transaction_id"]?.string)
        let amount = try PayPalAmount.read(object["dispute_amount"])
        guard amount.isPositive else { throw InterpretationError("the disputed amount is not positive") }
        let updatedAt = try PayPalTime.read(object["update_time"] ?? object["create_time"])
        let stage = PayPalDispute.stage(object)
        let movements = try PayPalDispute.movements(object, updatedAt)
        self.amount = amount
        self.updatedAt = updatedAt
        self.stage = stage
        reason = object["reason"]?.string
        respondBy = try? PayPalTime.read(object["seller_response_due_date"])
        let isListed = movements.contains { !$0.isFee && $0.isDebit }
        if let taken, !isListed {
            self.movements = [Movement(amount: taken.amount, isDebit: true, isFee: false, occurredAt: taken.updatedAt)] + movements
        } else if stage == .lost, !isListed {
            // A lost dispute without a list of movements still cost what was given to the buyer.
            let refunded = try? PayPalAmount.read(object["dispute_outcome"]?["amount_refunded"])
            self.movements = movements + [Movement(amount: refunded ?? amount, isDebit: true, isFee: false, occurredAt: updatedAt)]
        } else {
            self.movements = movements
        }
    }

    /// What the object says of the charge that `owner` names: first the money, then how the dispute stands.
    func facts(of owner: PayPalOwner, _ charge: Charge? = nil) -> [PaymentFact] {
        var counts: [String: Int] = [:]
        var facts: [PaymentFact] = []
        for movement in movements {
            let kind = (movement.isFee ? "fee-" : "") + (movement.isDebit ? "debit" : "credit")
            counts[kind, default: 0] += 1
            // PayPal gives movements no id. Their place among those of their kind is one, for the list only grows.
            let transaction = "\(id)-\(kind)-\(counts[kind] ?? 0)"
            facts.append(owner.fact(self.kind(of: movement, transaction), at: movement.occurredAt, charge))
        }
        let dispute = PaymentFact.Dispute(dispute: id.description, amount: amount, stage: stage, reason: reason, respondBy: respondBy)
        return facts + [owner.fact(.dispute(dispute), at: updatedAt, charge)]
    }

    private func kind(of movement: Movement, _ transaction: String) -> PaymentFact.Kind {
        if movement.isFee {
            let cost = movement.isDebit ? movement.amount.minorUnits : -movement.amount.minorUnits
            return .fee(PaymentFact.Fee(transaction: transaction, amount: Amount(minorUnits: cost, asset: movement.amount.asset)))
        }
        return .disputeFunds(
            PaymentFact.DisputeFunds(
                dispute: id.description,
                transaction: transaction,
                amount: movement.amount,
                fee: nil,
                direction: movement.isDebit ? .withdrawn : .reinstated
            )
        )
    }

    /// The movements of our own money, oldest first.
    private static func movements(_ object: JSONElement, _ otherwise: Timestamp) throws(InterpretationError) -> [Movement] {
        var movements: [Movement] = []
        for movement in object["money_movements"]?.array ?? [] {
            guard movement["affected_party"]?.string == "SELLER", let type = movement["type"]?.string else { continue }
            guard type == "DEBIT" || type == "CREDIT" else { continue }
            let amount = try PayPalAmount.read(movement["amount"])
            guard amount.isPositive else { continue }
            movements.append(
                Movement(
                    amount: amount,
                    isDebit: type == "DEBIT",
                    isFee: movement["reason"]?.string.map { $0.hasSuffix("_FEE") } ?? false,
                    occurredAt: (try? PayPalTime.read(movement["initiated_time"])) ?? otherwise
                )
            )
        }
        return movements.enumerated().sorted { ($0.element.occurredAt, $0.offset) < ($1.element.occurredAt, $1.offset) }.map(\.element)
    }

    /// A status or an outcome that we do not know leaves the dispute open.
    private static func stage(_ object: JSONElement) -> PaymentFact.Dispute.Stage {
        switch object["status"]?.string {
        case "RESOLVED": outcome(object["dispute_outcome"]?["outcome_code"]?.string)
        case "UNDER_REVIEW": .underReview
        default: object["dispute_life_cycle_stage"]?.string == "INQUIRY" ? .inquiry : .opened
        }
    }

    private static func outcome(_ code: String?) -> PaymentFact.Dispute.Stage {
        switch code {
        case "RESOLVED_BUYER_FAVOUR", "ACCEPTED": .lost
        // PayPal paid out of its own pocket, or sent the buyer away.
        case "RESOLVED_SELLER_FAVOUR", "RESOLVED_WITH_PAYOUT", "DENIED": .won
        case "CANCELED_BY_BUYER", "NONE": .closed
        default: .underReview
        }
    }
}
