import Payments
import StrictJSON

/// The members of a capture that we read; everything else may change without notice.
struct PayPalCapture {
    let id: PayPalID
    let owner: PayPalOwner
    private let status: String
    private let amount: Amount
    /// What PayPal kept of it; nil until the money is ours.
    private let fee: Amount?
    private let createdAt: Timestamp
    private let updatedAt: Timestamp

    /// Reads the object, alone or as a part of the order `orderID`.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement, orderID: String? = nil) throws(InterpretationError) {
        guard let id = PayPalID(object["id"]?.string) else { throw InterpretationError("the capture has no id") }
        guard let status = object["status"]?.string else { throw InterpretationError("the capture has no status") }
        self.id = id
        self.status = status
        amount = try PayPalAmount.read(object["amount"])
        guard amount.isPositive else { throw InterpretationError("the capture's amount is not positive") }
        if let kept = object["seller_receivable_breakdown"]?["paypal_fee"] { fee = try PayPalAmount.read(kept) } else { fee = nil }
        createdAt = try PayPalTime.read(object["create_time"])
        updatedAt = (try? PayPalTime.read(object["update_time"])) ?? createdAt
        owner = PayPalOwner(object, orderID: orderID)
    }

    /// Whether money has come or may still come.
    var isAlive: Bool { status != "DECLINED" && status != "FAILED" }

    /// What the object says; a status that we do not know means "not yet".
    func facts(for charge: Charge? = nil) -> [PaymentFact] {
        switch status {
        case "COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED":
            // When the payer's part was done, which counts for whoever pays in the last moment; a review may end days later.
            let captured = owner.fact(.captured(PaymentFact.Capture(amount: amount, transaction: id.description)), at: createdAt, charge)
            guard let fee, fee.isPositive else { return [captured] }
            return [captured, owner.fact(.fee(PaymentFact.Fee(transaction: id.description, amount: fee)), at: createdAt, charge)]
        case "DECLINED", "FAILED":
            return [owner.fact(.attemptFailed(PayPalFailure.failure(status)), at: updatedAt, charge)]
        default:
            return [owner.fact(.processing, at: updatedAt, charge)]
        }
    }
}

/// Whom an object of PayPal's belongs to.
struct PayPalOwner {
    /// Our own id, which PayPal carries for us.
    let chargeID: ChargeID?
    private let orderID: String?

    /// Reads what an object says of its owner, or takes the order it is a part of.
    init(_ object: JSONElement, orderID: String? = nil) {
        chargeID = object["custom_id"]?.string.flatMap { ChargeID($0) }
        self.orderID = orderID ?? object["supplementary_data"]?["related_ids"]?["order_id"]?.string
    }

    /// Takes an owner found elsewhere.
    init(chargeID: ChargeID?, orderID: String? = nil) {
        self.chargeID = chargeID
        self.orderID = orderID
    }

    /// How facts name it: what PayPal carries goes before what we believe.
    func subject(_ charge: Charge?) -> PaymentFact.Subject {
        if let id = chargeID ?? charge?.id { return .charge(id) }
        return orderID.map { .reference($0) } ?? .unknown
    }

    /// A fact about it.
    func fact(_ kind: PaymentFact.Kind, at occurredAt: Timestamp, _ charge: Charge?) -> PaymentFact {
        PaymentFact(provider: .payPal, subject: subject(charge), kind: kind, occurredAt: occurredAt, providerReference: orderID)
    }
}

/// The times of PayPal's objects.
enum PayPalTime {
    /// Reads an RFC 3339 time.
    static func read(_ value: JSONElement?) throws(InterpretationError) -> Timestamp {
        guard let text = value?.string, let time = Timestamp(rfc3339: text) else { throw InterpretationError("a time is missing") }
        return time
    }
}
