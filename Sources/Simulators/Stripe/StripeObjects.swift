import StrictJSON

/// One PaymentIntent of the simulated Stripe, with the charge behind it.
struct SimulatedIntent: Sendable {
    let id: String
    let amount: Int64
    let currency: String
    let isManual: Bool
    let isPromptPay: Bool
    let metadata: [(String, String)]
    let returnURL: String?
    let created: Int64
    var status = "requires_payment_method"
    var received: Int64 = 0
    var capturable: Int64 = 0
    /// Given back so far, and what was released of an authorisation.
    var refunded: Int64 = 0
    var released: Int64 = 0
    var isDisputed = false
    var redirectURL: String?
    var qrText: String?
    var error: StripeDecline?
    /// What the payment did to the balance, once that is known.
    var movement: SimulatedMovement?

    var chargeID: String { (isPromptPay ? "py_" : "ch_") + id.dropFirst(3) }

    private var nextAction: JSONValue {
        if let qrText {
            let code = JSONObject([("data", .string(qrText)), ("hosted_instructions_url", .string(qrText))])
            return .object(JSONObject([("promptpay_display_qr_code", .object(code)), ("type", .string("promptpay_display_qr_code"))]))
        }
        guard let redirectURL else { return .null }
        let page = JSONObject([("url", .string(redirectURL)), ("return_url", returnURL.map { .string($0) } ?? .null)])
        return .object(JSONObject([("type", .string("redirect_to_url")), ("redirect_to_url", .object(page))]))
    }

    private var notes: JSONValue { .object(JSONObject(metadata.map { ($0.0, .string($0.1)) })) }

    /// The object as events and plain answers show it.
    var json: JSONValue { json(charge: .string(chargeID)) }

    /// The object with the charge in the place of its id.
    var expanded: JSONValue { json(charge: charge(movement: movement?.json ?? .null)) }

    private func json(charge: JSONValue) -> JSONValue {
        .object(
            JSONObject([
                ("id", .string(id)), ("object", .string("payment_intent")), ("amount", .number(JSONNumber(amount))),
                ("amount_capturable", .number(JSONNumber(capturable))), ("amount_received", .number(JSONNumber(received))),
                ("capture_method", .string(isManual ? "manual" : "automatic_async")), ("created", .number(JSONNumber(created))),
                ("currency", .string(currency)), ("last_payment_error", error?.json ?? .null), ("latest_charge", charge),
                ("livemode", .bool(false)), ("metadata", notes), ("next_action", nextAction),
                ("payment_method_types", .array([.string(isPromptPay ? "promptpay" : "card")])), ("status", .string(status)),
            ])
        )
    }

    /// The charge as events show it.
    var charge: JSONValue { charge(movement: movement.map { .string($0.id) } ?? .null) }

    private func charge(movement: JSONValue) -> JSONValue {
        .object(
            JSONObject([
                ("id", .string(chargeID)), ("object", .string("charge")), ("amount", .number(JSONNumber(amount))),
                ("amount_captured", .number(JSONNumber(received))), ("amount_refunded", .number(JSONNumber(refunded + released))),
                ("balance_transaction", movement), ("captured", .bool(received > 0)), ("created", .number(JSONNumber(created))),
                ("currency", .string(currency)), ("disputed", .bool(isDisputed)), ("livemode", .bool(false)), ("metadata", notes),
                ("payment_intent", .string(id)), ("status", .string(received > 0 ? "succeeded" : "pending")),
            ])
        )
    }
}

/// One movement of the simulated balance.
struct SimulatedMovement: Sendable {
    let id: String
    let amount: Int64
    let fee: Int64
    let currency: String
    let created: Int64
    let category: String
    let source: String

    var json: JSONValue {
        .object(
            JSONObject([
                ("id", .string(id)), ("object", .string("balance_transaction")), ("amount", .number(JSONNumber(amount))),
                ("created", .number(JSONNumber(created))), ("currency", .string(currency)), ("fee", .number(JSONNumber(fee))),
                ("net", .number(JSONNumber(amount - fee))), ("reporting_category", .string(category)), ("source", .string(source)),
                ("status", .string("pending")),
            ])
        )
    }
}

/// One Refund of the simulated Stripe.
struct SimulatedRefund: Sendable {
    let id: String
    let intent: String
    let charge: String
    let amount: Int64
    let currency: String
    let metadata: [(String, String)]
    let created: Int64
    var status: String
    var failureReason: String?

    var json: JSONValue {
        var object = JSONObject([
            ("id", .string(id)), ("object", .string("refund")), ("amount", .number(JSONNumber(amount))), ("charge", .string(charge)),
            ("created", .number(JSONNumber(created))), ("currency", .string(currency)),
            ("metadata", .object(JSONObject(metadata.map { ($0.0, .string($0.1)) }))), ("payment_intent", .string(intent)),
            ("status", .string(status)),
        ])
        if let failureReason { object["failure_reason"] = .string(failureReason) }
        return .object(object)
    }
}

/// One Dispute of the simulated Stripe.
struct SimulatedDispute: Sendable {
    let id: String
    let intent: String
    let charge: String
    let amount: Int64
    let currency: String
    let created: Int64
    var status: String
    var movements: [SimulatedMovement] = []

    var json: JSONValue {
        .object(
            JSONObject([
                ("id", .string(id)), ("object", .string("dispute")), ("amount", .number(JSONNumber(amount))),
                ("balance_transactions", .array(movements.map(\.json))), ("charge", .string(charge)),
                ("created", .number(JSONNumber(created))), ("currency", .string(currency)),
                ("evidence_details", .object(JSONObject([("due_by", .number(JSONNumber(created + 7 * 86400)))]))),
                ("livemode", .bool(false)), ("payment_intent", .string(intent)), ("reason", .string("fraudulent")),
                ("status", .string(status)),
            ])
        )
    }
}

/// One Payout of the simulated Stripe.
struct SimulatedPayout: Sendable {
    let id: String
    let amount: Int64
    let currency: String
    let created: Int64
    var status: String

    var json: JSONValue {
        .object(
            JSONObject([
                ("id", .string(id)), ("object", .string("payout")), ("amount", .number(JSONNumber(amount))), ("automatic", .bool(true)),
                ("created", .number(JSONNumber(created))), ("currency", .string(currency)), ("livemode", .bool(false)),
                ("method", .string("standard")), ("status", .string(status)),
            ])
        )
    }
}
