import StrictJSON

/// An invoice of the simulated processor and what its chain shows.
struct SimulatedInvoice: Sendable {
    let id: String
    let orderID: String
    let amount: String
    let currency: String
    let coin: SimulatedCoin
    let address: String
    let due: CoinCount
    let rate: String?
    let created: Int64
    let expires: Int64
    let monitored: Int64
    /// Blocks that a payment needs.
    let confirmationsNeeded: Int
    /// Seconds by which the invoice's clock was set forward; new invoices begin at the present.
    var ahead: Int64 = 0
    var payments: [Payment] = []
    /// What a person has said about it, which then holds.
    var marked: String?
    /// How often it was settled and lost a payment.
    var reorganisations = 0
    /// The status that the merchant was told last.
    var told = "New"

    /// A payment to its address.
    struct Payment: Sendable {
        let id: String
        let units: CoinCount
        let seen: Int64
        var confirmations = 0
        var isDropped = false
    }

    /// Status and additional status, as BTCPay Server would have them.
    func standing(at wall: Int64) -> (status: String, additional: String) {
        let now = wall + ahead
        if let marked { return (marked, "Marked") }
        let live = payments.filter { !$0.isDropped }
        let inTime = live.filter { $0.seen <= expires }
        let total = SimulatedInvoice.sum(live)
        let confirmed = SimulatedInvoice.sum(inTime.filter { $0.confirmations >= confirmationsNeeded })
        let due = due.value
        let over = total > due ? "PaidOver" : "None"
        if confirmed >= due { return ("Settled", over) }
        if SimulatedInvoice.sum(inTime) >= due { return now >= monitored ? ("Invalid", "None") : ("Processing", over) }
        if reorganisations > 0 { return ("Invalid", "None") }
        let part = total >= due ? "PaidLate" : total > 0 ? "PaidPartial" : "None"
        return (now >= expires ? "Expired" : "New", part)
    }

    /// The invoice as the API answers it.
    func json(at wall: Int64) -> JSONValue {
        let (status, additional) = standing(at: wall)
        let method: JSONValue = [
            "paymentMethodId": .string("\(coin.code)-CHAIN"), "network": .string(coin.network),
            "contract": SimulatedInvoice.text(coin.contract), "destination": .string(address), "rate": SimulatedInvoice.text(rate),
            "amount": .string(coin.text(due.value)), "payments": .array(payments.map { json($0) }),
        ]
        return [
            "id": .string(id), "storeId": "truvapay", "amount": .string(amount), "currency": .string(currency), "type": "Standard",
            "status": .string(status), "additionalStatus": .string(additional), "createdTime": .number(JSONNumber(created)),
            "expirationTime": .number(JSONNumber(expires)), "monitoringExpiration": .number(JSONNumber(monitored)),
            "metadata": ["orderId": .string(orderID)],
            "paymentMethod": method, "reorganisations": .number(JSONNumber(Int64(reorganisations))),
        ]
    }

    private static func sum(_ payments: [Payment]) -> UInt128 {
        payments.reduce(0) { sum, payment in sum &+ payment.units.value }
    }

    private static func text(_ value: String?) -> JSONValue {
        value.map { .string($0) } ?? .null
    }

    /// A payment as the API and the webhooks write it.
    func json(_ payment: Payment) -> JSONValue {
        [
            "id": .string(payment.id), "receivedDate": .number(JSONNumber(payment.seen)), "value": .string(coin.text(payment.units.value)),
            "fee": "0.0", "confirmations": .number(JSONNumber(Int64(payment.confirmations))),
            "status": .string(payment.isDropped ? "Invalid" : payment.confirmations >= confirmationsNeeded ? "Settled" : "Processing"),
            "destination": .string(address),
        ]
    }
}

/// A number of smallest units, more than 64 bits of them, kept as two words: see `TwoWords`.
struct CoinCount: Sendable {
    private let high: UInt64
    private let low: UInt64

    init(_ value: UInt128) {
        high = UInt64(truncatingIfNeeded: value >> 64)
        low = UInt64(truncatingIfNeeded: value)
    }

    var value: UInt128 { UInt128(high) << 64 | UInt128(low) }
}
