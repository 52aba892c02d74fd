import StrictJSON

/// An order of the simulated PayPal.
struct PayPalOrderObject: Sendable {
    let id: String
    let intent: String
    let amount: PayPalMoney
    let customID: String?
    let invoiceID: String?
    let returnURL: String?
    let cancelURL: String?
    let createdAt: String
    var status = "PAYER_ACTION_REQUIRED"
    var captureIDs: [String] = []
    var authorizationIDs: [String] = []
}

/// A capture: money that has come, may come, or did not.
struct PayPalCaptureObject: Sendable {
    let id: String
    let orderID: String
    let amount: PayPalMoney
    let customID: String?
    let invoiceID: String?
    let createdAt: String
    var updatedAt: String
    var status: String
    var refunded: PayPalMoney

    var left: PayPalMoney { amount - refunded }

    /// The object; `base` is where the API is.
    func json(_ base: String) -> JSONValue {
        var object: JSONObject = [
            "id": .string(id), "amount": amount.json, "final_capture": true,
            "seller_protection": ["status": "ELIGIBLE", "dispute_categories": ["ITEM_NOT_RECEIVED", "UNAUTHORIZED_TRANSACTION"]],
            "status": .string(status), "supplementary_data": ["related_ids": ["order_id": .string(orderID)]],
            "create_time": .string(createdAt), "update_time": .string(updatedAt),
        ]
        if let customID { object["custom_id"] = .string(customID) }
        if let invoiceID { object["invoice_id"] = .string(invoiceID) }
        if status == "PENDING" { object["status_details"] = ["reason": "PENDING_REVIEW"] }
        if ["COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"].contains(status) {
            object["seller_receivable_breakdown"] = [
                "gross_amount": amount.json, "paypal_fee": amount.fee.json, "net_amount": (amount - amount.fee).json,
            ]
        }
        object["links"] = [
            PayPalWire.link("\(base)/v2/payments/captures/\(id)", "self"),
            PayPalWire.link("\(base)/v2/payments/captures/\(id)/refund", "refund", "POST"),
            PayPalWire.link("\(base)/v2/checkout/orders/\(orderID)", "up"),
        ]
        return .object(object)
    }
}

/// An authorisation: money that is held.
struct PayPalAuthorizationObject: Sendable {
    let id: String
    let orderID: String
    let amount: PayPalMoney
    let customID: String?
    let createdAt: String
    var updatedAt: String
    var status = "CREATED"

    /// The object; `base` is where the API is.
    func json(_ base: String) -> JSONValue {
        var object: JSONObject = [
            "id": .string(id), "amount": amount.json, "status": .string(status),
            "supplementary_data": ["related_ids": ["order_id": .string(orderID)]], "create_time": .string(createdAt),
            "update_time": .string(updatedAt), "links": [PayPalWire.link("\(base)/v2/payments/authorizations/\(id)", "self")],
        ]
        if let customID { object["custom_id"] = .string(customID) }
        return .object(object)
    }
}

/// A refund, or money that PayPal took back by itself; both have one shape.
struct PayPalRefundObject: Sendable {
    let id: String
    let captureID: String
    let amount: PayPalMoney
    let customID: String?
    let createdAt: String
    var updatedAt: String
    var status: String
    /// All that was given back of the capture, this included.
    let total: PayPalMoney
    /// Whether a dispute lists this money already.
    var isOfDispute = false

    /// The object; `base` is where the API is.
    func json(_ base: String) -> JSONValue {
        let nothing = PayPalMoney(currency: amount.currency, minorUnits: 0)
        var object: JSONObject = [
            "id": .string(id), "amount": amount.json, "status": .string(status),
            "seller_payable_breakdown": [
                "gross_amount": amount.json, "paypal_fee": nothing.json, "net_amount": amount.json, "total_refunded_amount": total.json,
            ],
            "create_time": .string(createdAt), "update_time": .string(updatedAt),
            "links": [
                PayPalWire.link("\(base)/v2/payments/refunds/\(id)", "self"),
                PayPalWire.link("\(base)/v2/payments/captures/\(captureID)", "up"),
            ],
        ]
        if let customID { object["custom_id"] = .string(customID) }
        if status == "PENDING" { object["status_details"] = ["reason": "ECHECK"] }
        return .object(object)
    }
}

/// A dispute, with the money that it has moved.
struct PayPalDisputeObject: Sendable {
    let id: String
    let captureID: String
    let customID: String?
    let amount: PayPalMoney
    let reason: String
    let createdAt: String
    var updatedAt: String
    var status = "OPEN"
    var stage = "INQUIRY"
    var outcome: String?
    var movements: [(amount: PayPalMoney, type: String, reason: String, at: String)] = []

    /// The object; `base` is where the API is.
    func json(_ base: String) -> JSONValue {
        var transaction: JSONObject = [
            "seller_transaction_id": .string(captureID), "transaction_status": "COMPLETED", "gross_amount": amount.json,
        ]
        if let customID { transaction["custom"] = .string(customID) }
        var object: JSONObject = [
            "dispute_id": .string(id), "create_time": .string(createdAt), "update_time": .string(updatedAt),
            "disputed_transactions": [.object(transaction)], "reason": .string(reason), "status": .string(status),
            "dispute_amount": amount.json, "dispute_life_cycle_stage": .string(stage), "dispute_channel": "INTERNAL",
            "links": [PayPalWire.link("\(base)/v1/customer/disputes/\(id)", "self")],
        ]
        if let outcome { object["dispute_outcome"] = ["outcome_code": .string(outcome)] }
        let moved = movements.map { movement -> JSONValue in
            [
                "affected_party": "SELLER", "amount": movement.amount.json, "initiated_time": .string(movement.at),
                "type": .string(movement.type), "reason": .string(movement.reason),
            ]
        }
        if !moved.isEmpty { object["money_movements"] = .array(moved) }
        return .object(object)
    }
}

/// Pieces of PayPal's wire format.
enum PayPalWire {
    static func link(_ address: String, _ rel: String, _ method: String = "GET") -> JSONValue {
        ["href": .string(address), "rel": .string(rel), "method": .string(method)]
    }
}
