import Payments
import StrictJSON

/// The members of a refund that we read; money that PayPal took back by itself has the same shape.
struct PayPalRefund {
    let id: PayPalID
    /// Our own id; nil for refunds that were made at PayPal, and for what PayPal took back.
    let refundID: RefundID?
    /// The capture that it belongs to, which only a link tells.
    let captureID: PayPalID?
    private let status: String
    private let statusReason: String?
    let amount: Amount
    /// What PayPal gave back of its fee.
    private let fee: Amount?
    let updatedAt: Timestamp

    /// Reads the object.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement) throws(InterpretationError) {
        guard let id = PayPalID(object["id"]?.string) else { throw InterpretationError("the refund has no id") }
        guard let status = object["status"]?.string else { throw InterpretationError("the refund has no status") }
        self.id = id
        self.status = status
        statusReason = object["status_details"]?["reason"]?.string
        refundID = object["custom_id"]?.string.flatMap { RefundID($0) }
        amount = try PayPalAmount.read(object["amount"])
        guard amount.isPositive else { throw InterpretationError("the refund's amount is not positive") }
        if let back = object["seller_payable_breakdown"]?["paypal_fee"] { fee = try PayPalAmount.read(back) } else { fee = nil }
        let created = try PayPalTime.read(object["create_time"])
        updatedAt = (try? PayPalTime.read(object["update_time"])) ?? created
        let parent = PayPalLink.address(in: object, rel: ["up"])
        captureID = parent.flatMap { $0.split(separator: "/").last }.flatMap { PayPalID(String($0)) }
    }

    /// What the object says of the charge that `owner` names.
    func facts(of owner: PayPalOwner, _ charge: Charge? = nil) -> [PaymentFact] {
        let refund = PaymentFact.Refund(refundID: refundID, transaction: id.description, amount: amount, state: state)
        let told = owner.fact(.refund(refund), at: updatedAt, charge)
        guard status == "COMPLETED", let fee, fee.isPositive else { return [told] }
        // What it cost before is less now.
        let returned = Amount(minorUnits: -fee.minorUnits, asset: fee.asset)
        return [told, owner.fact(.fee(PaymentFact.Fee(transaction: id.description, amount: returned)), at: updatedAt, charge)]
    }

    /// A status that we do not know means "not yet".
    private var state: PaymentFact.Refund.State {
        switch status {
        case "COMPLETED": .succeeded
        case "FAILED": .failed(reason: statusReason ?? status)
        case "CANCELLED": .canceled
        default: .pending
        }
    }
}
