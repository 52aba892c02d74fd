import Payments
import StrictJSON

/// The members of a BalanceTransaction that we read: one movement of our Stripe balance.
struct StripeBalanceTransaction {
    let id: String
    /// Gross and signed, in the currency of the balance.
    let amount: Amount
    /// What Stripe kept; positive is a cost.
    let fee: Amount
    let created: Timestamp

    /// Reads the object.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement) throws(InterpretationError) {
        guard object["object"]?.string == "balance_transaction", let id = object["id"]?.string else {
            throw InterpretationError("the object is no balance_transaction")
        }
        guard let currency = object["currency"]?.string, let minorUnits = object["amount"]?.int64 else {
            throw InterpretationError("amount or currency is missing")
        }
        self.id = id
        amount = try StripeAmount.amount(minorUnits, currency: currency)
        fee = try StripeAmount.amount(object["fee"]?.int64 ?? 0, currency: currency)
        created = Timestamp(seconds: object["created"]?.int64 ?? 0)
    }
}
