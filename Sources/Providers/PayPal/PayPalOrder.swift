import Payments
import StrictJSON

/// The members of an order that we read.
struct PayPalOrder {
    let id: PayPalID
    let status: String
    let captures: [PayPalCapture]
    let authorizations: [PayPalAuthorization]
    let refunds: [PayPalRefund]
    /// Where the payer approves it.
    let payerURL: String?
    let owner: PayPalOwner
    private let createdAt: Timestamp?

    /// Reads the object; an order has one purchase unit, as we make them.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement) throws(InterpretationError) {
        guard let id = PayPalID(object["id"]?.string) else { throw InterpretationError("the order has no id") }
        guard let status = object["status"]?.string else { throw InterpretationError("the order has no status") }
        self.id = id
        self.status = status
        let unit = object["purchase_units"]?.array?.first
        let payments = unit?["payments"]
        let unitOwner = unit.map { PayPalOwner($0, orderID: id.description) }
        owner = PayPalOwner(chargeID: unitOwner?.chargeID, orderID: id.description)
        var captures: [PayPalCapture] = []
        for capture in payments?["captures"]?.array ?? [] { captures.append(try PayPalCapture(capture, orderID: id.description)) }
        var authorizations: [PayPalAuthorization] = []
        for held in payments?["authorizations"]?.array ?? [] {
            authorizations.append(try PayPalAuthorization(held, orderID: id.description))
        }
        var refunds: [PayPalRefund] = []
        for refund in payments?["refunds"]?.array ?? [] { refunds.append(try PayPalRefund(refund)) }
        self.captures = captures
        self.authorizations = authorizations
        self.refunds = refunds
        payerURL = PayPalLink.address(in: object, rel: ["payer-action", "approve"])
        createdAt = try? PayPalTime.read(object["create_time"])
    }

    /// Whether the payer has agreed and nothing was taken yet.
    var awaitsCompletion: Bool { status == "APPROVED" && captures.isEmpty && authorizations.isEmpty }

    /// Whether nothing was taken or held and nothing will be, unless we ask for it.
    var isUnpaid: Bool {
        captures.isEmpty && authorizations.isEmpty
            && ["CREATED", "SAVED", "PAYER_ACTION_REQUIRED", "APPROVED", "VOIDED"].contains(status)
    }

    /// What the order says of `charge`: its payments, where it has any, for `COMPLETED` alone does not mean paid.
    func facts(for charge: Charge, asOf now: Timestamp) -> [PaymentFact] {
        if !captures.isEmpty { return captures.flatMap { $0.facts(for: charge) } }
        if !authorizations.isEmpty { return authorizations.flatMap { $0.facts(for: charge) } }
        // By PayPal's clock, in whole seconds like everything it tells later: a payment in the same second is not older than its order.
        let told = createdAt ?? charge.createdAt
        switch status {
        case "CREATED", "SAVED", "PAYER_ACTION_REQUIRED":
            return [owner.fact(payerURL.map { .actionRequired(.redirect(url: $0)) } ?? .processing, at: told, charge)]
        case "VOIDED": return [owner.fact(.canceled, at: now, charge)]
        default: return [owner.fact(.processing, at: told, charge)]
        }
    }
}
