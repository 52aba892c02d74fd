import Payments
import StrictJSON

/// The members of an authorisation that we read.
struct PayPalAuthorization {
    let id: PayPalID
    let owner: PayPalOwner
    private let status: String
    private let amount: Amount
    private let createdAt: Timestamp
    private let updatedAt: Timestamp

    /// Reads the object, alone or as a part of the order `orderID`.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement, orderID: String? = nil) throws(InterpretationError) {
        guard let id = PayPalID(object["id"]?.string) else { throw InterpretationError("the authorisation has no id") }
        guard let status = object["status"]?.string else { throw InterpretationError("the authorisation has no status") }
        self.id = id
        self.status = status
        amount = try PayPalAmount.read(object["amount"])
        createdAt = try PayPalTime.read(object["create_time"])
        updatedAt = (try? PayPalTime.read(object["update_time"])) ?? createdAt
        owner = PayPalOwner(object, orderID: orderID)
    }

    /// Whether it holds money that can be taken or let go.
    var holdsMoney: Bool { status == "CREATED" || status == "PENDING" }

    /// What the object says; money that was taken is told by its captures.
    func facts(for charge: Charge? = nil) -> [PaymentFact] {
        switch status {
        case "CREATED": [owner.fact(.authorized(amount), at: createdAt, charge)]
        case "VOIDED": [owner.fact(.canceled, at: updatedAt, charge)]
        case "DENIED": [owner.fact(.attemptFailed(PayPalFailure.failure(status)), at: updatedAt, charge)]
        case "CAPTURED", "PARTIALLY_CAPTURED": []
        default: [owner.fact(.processing, at: updatedAt, charge)]
        }
    }
}
