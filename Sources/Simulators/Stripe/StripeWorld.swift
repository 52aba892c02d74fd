import StrictJSON

/// An event that the simulated Stripe has to tell.
struct SimulatedEvent: Sendable {
    let type: String
    let object: JSONValue
    /// What an update has changed.
    var previous: JSONValue?
}

/// What a request changed, or the code with which it is refused.
enum StripeChange<Object: Sendable>: Sendable {
    case done(Object, [SimulatedEvent])
    case missing
    case refused(code: String)
}

/// All of the simulated Stripe's state and rules; no input or output.
struct StripeWorld: Sendable {
    private(set) var intents: [SimulatedIntent] = []
    var refunds: [SimulatedRefund] = []
    var disputes: [SimulatedDispute] = []
    var payouts: [SimulatedPayout] = []
    private(set) var captureCounts: [String: Int] = [:]
    private(set) var requestCounts: [String: Int] = [:]
    /// Whether payments cost something; off until a script asks for it, so that scripts can count in gross amounts.
    var takesFees = false
    private let name: String
    private var lastNumber = 0

    /// Begins empty; `name` sets its objects apart from those of every other world, because a gateway remembers them all.
    init(name: String) {
        self.name = name
    }

    /// The id of the next object.
    mutating func nextID(_ prefix: String) -> String {
        lastNumber += 1
        let digits = String(lastNumber)
        return prefix + "sim" + name + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    /// Counts a request under an idempotency key.
    mutating func count(key: String) {
        requestCounts[key, default: 0] += 1
    }

    subscript(id: String) -> SimulatedIntent? { intents.first { $0.id == id } }

    /// Creates and confirms a PaymentIntent.
    mutating func create(_ form: Form, pageBase: String, now: Int64) -> (intent: SimulatedIntent, events: [SimulatedEvent]) {
        var intent = SimulatedIntent(
            id: nextID("pi_"),
            amount: form["amount"].flatMap { Int64($0) } ?? 0,
            currency: form["currency"] ?? "thb",
            isManual: form["capture_method"] == "manual",
            isPromptPay: form["payment_method_types[]"] == "promptpay",
            metadata: form.metadata,
            returnURL: form["return_url"],
            created: now
        )
        var events = [SimulatedEvent(type: "payment_intent.created", object: intent.json)]
        let method = form["payment_method"] ?? ""
        if let decline = StripeDecline.of(paymentMethod: method) {
            intent.error = decline
            events.append(SimulatedEvent(type: "payment_intent.payment_failed", object: intent.json))
        } else if intent.isPromptPay {
            intent.status = "requires_action"
            intent.qrText = "\(pageBase)/promptpay/\(intent.id)"
            events.append(SimulatedEvent(type: "payment_intent.requires_action", object: intent.json))
        } else if method == "pm_card_threeDSecure2Required" || method == "pm_card_authenticationRequired" {
            intent.status = "requires_action"
            intent.redirectURL = "\(pageBase)/3ds/\(intent.id)"
            events.append(SimulatedEvent(type: "payment_intent.requires_action", object: intent.json))
        } else {
            events += settle(&intent, now: now)
        }
        intents.append(intent)
        return (intent, events)
    }

    /// The customer has passed, or failed, the bank's page, or has paid the QR, or let its time run out.
    mutating func authenticate(_ id: String, succeeds: Bool, now: Int64) -> [SimulatedEvent] {
        change(id, from: ["requires_action"]) { world, intent in
            let code = intent.isPromptPay ? "payment_intent_payment_attempt_expired" : "payment_intent_authentication_failure"
            intent.redirectURL = nil
            intent.qrText = nil
            guard !succeeds else { return world.settle(&intent, now: now) }
            intent.status = "requires_payment_method"
            intent.error = StripeDecline(code: code, declineCode: nil)
            return [SimulatedEvent(type: "payment_intent.payment_failed", object: intent.json)]
        } ?? []
    }

    /// Takes what is held, or part of it; nil when the state does not allow it.
    mutating func capture(_ id: String, amount: Int64?, now: Int64) -> [SimulatedEvent]? {
        change(id, from: ["requires_capture"]) { world, intent in
            let taken = min(amount ?? intent.capturable, intent.capturable)
            intent.released = intent.capturable - taken
            intent.capturable = 0
            return world.take(taken, &intent, now: now)
        }
    }

    /// Closes a payment; nil when the state does not allow it.
    mutating func cancel(_ id: String) -> [SimulatedEvent]? {
        change(id, from: ["requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"]) { _, intent in
            intent.status = "canceled"
            intent.capturable = 0
            intent.redirectURL = nil
            intent.qrText = nil
            return [SimulatedEvent(type: "payment_intent.canceled", object: intent.json)]
        }
    }

    private mutating func settle(_ intent: inout SimulatedIntent, now: Int64) -> [SimulatedEvent] {
        guard intent.isManual else { return take(intent.amount, &intent, now: now) }
        intent.status = "requires_capture"
        intent.capturable = intent.amount
        return [SimulatedEvent(type: "payment_intent.amount_capturable_updated", object: intent.json)]
    }

    /// Money comes in.
    ///
    /// As with the real one's asynchronous capture, what it cost is told later, by the charge.
    private mutating func take(_ amount: Int64, _ intent: inout SimulatedIntent, now: Int64) -> [SimulatedEvent] {
        intent.status = "succeeded"
        intent.received = amount
        let name = intent.metadata.first { $0.0 == "charge_id" }?.1 ?? intent.id
        captureCounts[name, default: 0] += 1
        let paid = SimulatedEvent(type: "payment_intent.succeeded", object: intent.json)
        guard takesFees else { return [paid] }
        let charged = SimulatedEvent(type: "charge.succeeded", object: intent.charge)
        intent.movement = SimulatedMovement(
            id: nextID("txn_"),
            amount: amount,
            fee: amount * 365 / 10_000 + 1000,
            currency: intent.currency,
            created: now,
            category: "charge",
            source: intent.chargeID
        )
        let previous = JSONValue.object(JSONObject([("balance_transaction", .null)]))
        return [charged, paid, SimulatedEvent(type: "charge.updated", object: intent.charge, previous: previous)]
    }

    /// Changes an intent that is in one of `statuses`; nil when none is.
    mutating func change(
        _ id: String,
        from statuses: Set<String>,
        _ body: (inout StripeWorld, inout SimulatedIntent) -> [SimulatedEvent]
    ) -> [SimulatedEvent]? {
        guard let index = intents.firstIndex(where: { $0.id == id }), statuses.contains(intents[index].status) else { return nil }
        var intent = intents[index]
        let events = body(&self, &intent)
        intents[index] = intent
        return events
    }

    /// What a script can check at the end.
    var report: JSONValue {
        let sums = { (amounts: [(String, Int64)]) in
            let sums = Dictionary(amounts.map { ($0.0, $0.1) }, uniquingKeysWith: +)
            return JSONValue.object(JSONObject(sums.sorted { $0.key < $1.key }.map { ($0.key, .number(JSONNumber($0.value))) }))
        }
        let numbers = { (values: [String: Int]) in
            JSONValue.object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .number(JSONNumber(Int64($0.value)))) }))
        }
        return .object(
            JSONObject([
                ("payment_intents", .number(JSONNumber(Int64(intents.count)))),
                ("refunds", .number(JSONNumber(Int64(refunds.count)))),
                ("captured", sums(intents.map { ($0.currency, $0.received) })),
                ("refunded", sums(refunds.filter { $0.status == "succeeded" }.map { ($0.currency, $0.amount) })),
                ("captures_by_charge", numbers(captureCounts)), ("requests_by_key", numbers(requestCounts)),
            ])
        )
    }
}
