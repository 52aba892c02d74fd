import StrictJSON

/// One PaymentIntent of the simulated Stripe.
struct SimulatedIntent: Sendable {
    let id: String
    let amount: Int64
    let currency: String
    let isManual: Bool
    let metadata: [(String, String)]
    let returnURL: String?
    let created: Int64
    var status = "requires_payment_method"
    var received: Int64 = 0
    var capturable: Int64 = 0
    var redirectURL: String?
    var error: StripeDecline?

    /// The object as the API and the events show it.
    var json: JSONValue {
        let redirect = redirectURL.map { url in
            JSONValue.object(
                JSONObject([
                    ("type", .string("redirect_to_url")),
                    (
                        "redirect_to_url",
                        .object(JSONObject([("url", .string(url)), ("return_url", returnURL.map { .string($0) } ?? .null)]))
                    ),
                ])
            )
        }
        return .object(
            JSONObject([
                ("id", .string(id)), ("object", .string("payment_intent")), ("amount", .number(JSONNumber(amount))),
                ("amount_capturable", .number(JSONNumber(capturable))), ("amount_received", .number(JSONNumber(received))),
                ("capture_method", .string(isManual ? "manual" : "automatic_async")), ("created", .number(JSONNumber(created))),
                ("currency", .string(currency)), ("last_payment_error", error?.json ?? .null),
                ("latest_charge", .string("ch_" + id.dropFirst(3))), ("livemode", .bool(false)),
                ("metadata", .object(JSONObject(metadata.map { ($0.0, .string($0.1)) }))), ("next_action", redirect ?? .null),
                ("payment_method_types", .array([.string("card")])), ("status", .string(status)),
            ])
        )
    }
}

/// A bank's refusal.
struct StripeDecline: Sendable, Hashable {
    let code: String
    let declineCode: String?

    var json: JSONValue {
        .object(
            JSONObject([
                ("code", .string(code)), ("decline_code", declineCode.map { .string($0) } ?? .null),
                ("message", .string("Your card was declined.")), ("type", .string("card_error")),
            ])
        )
    }

    /// What the test payment methods stand for (docs.stripe.com/testing).
    static func of(paymentMethod: String) -> StripeDecline? {
        let suffix = "pm_card_visa_chargeDeclined"
        guard paymentMethod.hasPrefix(suffix) else { return nil }
        switch paymentMethod.dropFirst(suffix.count) {
        case "": return StripeDecline(code: "card_declined", declineCode: "generic_decline")
        case "InsufficientFunds": return StripeDecline(code: "card_declined", declineCode: "insufficient_funds")
        case "LostCard": return StripeDecline(code: "card_declined", declineCode: "lost_card")
        case "ExpiredCard": return StripeDecline(code: "expired_card", declineCode: nil)
        case "IncorrectCvc": return StripeDecline(code: "incorrect_cvc", declineCode: nil)
        case "ProcessingError": return StripeDecline(code: "processing_error", declineCode: nil)
        default: return StripeDecline(code: "card_declined", declineCode: "do_not_honor")
        }
    }
}

/// An event that the simulated Stripe has to tell.
struct SimulatedEvent: Sendable {
    let type: String
    let object: JSONValue
}

/// All of the simulated Stripe's state and rules; no input or output.
struct StripeWorld: Sendable {
    private(set) var intents: [SimulatedIntent] = []
    private(set) var captureCounts: [String: Int] = [:]
    private(set) var requestCounts: [String: Int] = [:]
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
            metadata: form.metadata,
            returnURL: form["return_url"],
            created: now
        )
        var events = [SimulatedEvent(type: "payment_intent.created", object: intent.json)]
        let method = form["payment_method"] ?? ""
        if let decline = StripeDecline.of(paymentMethod: method) {
            intent.error = decline
            events.append(SimulatedEvent(type: "payment_intent.payment_failed", object: intent.json))
        } else if method == "pm_card_threeDSecure2Required" || method == "pm_card_authenticationRequired" {
            intent.status = "requires_action"
            intent.redirectURL = "\(pageBase)/3ds/\(intent.id)"
            events.append(SimulatedEvent(type: "payment_intent.requires_action", object: intent.json))
        } else {
            events += settle(&intent)
        }
        intents.append(intent)
        return (intent, events)
    }

    /// The customer has passed, or failed, the bank's page.
    mutating func authenticate(_ id: String, succeeds: Bool) -> [SimulatedEvent] {
        change(id, from: ["requires_action"]) { world, intent in
            intent.redirectURL = nil
            guard !succeeds else { return world.settle(&intent) }
            intent.status = "requires_payment_method"
            intent.error = StripeDecline(code: "payment_intent_authentication_failure", declineCode: nil)
            return [SimulatedEvent(type: "payment_intent.payment_failed", object: intent.json)]
        } ?? []
    }

    /// Takes what is held; nil when the state does not allow it.
    mutating func capture(_ id: String, amount: Int64?) -> [SimulatedEvent]? {
        change(id, from: ["requires_capture"]) { world, intent in
            intent.status = "succeeded"
            intent.received = min(amount ?? intent.capturable, intent.capturable)
            intent.capturable = 0
            world.countCapture(intent)
            return [SimulatedEvent(type: "payment_intent.succeeded", object: intent.json)]
        }
    }

    /// Closes a payment; nil when the state does not allow it.
    mutating func cancel(_ id: String) -> [SimulatedEvent]? {
        change(id, from: ["requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"]) { _, intent in
            intent.status = "canceled"
            intent.capturable = 0
            intent.redirectURL = nil
            return [SimulatedEvent(type: "payment_intent.canceled", object: intent.json)]
        }
    }

    private mutating func settle(_ intent: inout SimulatedIntent) -> [SimulatedEvent] {
        if intent.isManual {
            intent.status = "requires_capture"
            intent.capturable = intent.amount
            return [SimulatedEvent(type: "payment_intent.amount_capturable_updated", object: intent.json)]
        }
        intent.status = "succeeded"
        intent.received = intent.amount
        countCapture(intent)
        return [SimulatedEvent(type: "payment_intent.succeeded", object: intent.json)]
    }

    private mutating func countCapture(_ intent: SimulatedIntent) {
        let name = intent.metadata.first { $0.0 == "charge_id" }?.1 ?? intent.id
        captureCounts[name, default: 0] += 1
    }

    private mutating func change(
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
        let captured = Dictionary(grouping: intents) { $0.currency }.mapValues { $0.reduce(0) { $0 + $1.received } }
        let numbers = { (values: [String: Int]) in
            JSONValue.object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .number(JSONNumber(Int64($0.value)))) }))
        }
        return .object(
            JSONObject([
                ("payment_intents", .number(JSONNumber(Int64(intents.count)))),
                ("captured", .object(JSONObject(captured.sorted { $0.key < $1.key }.map { ($0.key, .number(JSONNumber($0.value))) }))),
                ("captures_by_charge", numbers(captureCounts)), ("requests_by_key", numbers(requestCounts)),
            ])
        )
    }
}
