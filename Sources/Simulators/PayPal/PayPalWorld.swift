import StrictJSON

/// An event that the simulated PayPal has to tell.
struct PayPalEvent: Sendable {
    let type: String
    let resourceType: String
    let resource: JSONValue
}

/// Why the simulated PayPal refuses a request.
struct PayPalRefusal: Error, Sendable {
    let status: Int
    let issue: String
    /// Where to look, when there is something to see.
    let links: [JSONValue]

    static let notFound = PayPalRefusal(404, "INVALID_RESOURCE_ID")

    init(_ status: Int, _ issue: String, links: [JSONValue] = []) {
        self.status = status
        self.issue = issue
        self.links = links
    }
}

/// All of the simulated PayPal's state and rules; no input or output.
struct PayPalWorld: Sendable {
    /// Where the API and the approval page are.
    let base: String
    /// The moment of the request under way, as PayPal writes times.
    var now = ""
    /// Events since they were last taken.
    private(set) var events: [PayPalEvent] = []
    private(set) var orders: [String: PayPalOrderObject] = [:]
    private(set) var captures: [String: PayPalCaptureObject] = [:]
    private(set) var authorizations: [String: PayPalAuthorizationObject] = [:]
    private(set) var refunds: [String: PayPalRefundObject] = [:]
    private(set) var disputes: [String: PayPalDisputeObject] = [:]
    /// Payouts by the ids of their items.
    var payouts: [String: PayPalPayoutObject] = [:]
    /// What the next payouts come to: the status of an item, DENIED for a whole batch, or an issue that refuses the order.
    var payoutOutcomes: [String] = []
    /// What the next captures come to: COMPLETED, PENDING, DECLINED, or an issue that refuses them.
    var captureOutcomes: [String] = []
    /// What the next refunds come to: COMPLETED, PENDING, or an issue that refuses them.
    var refundOutcomes: [String] = []
    private let name: String
    private var lastNumber = 0

    /// Begins empty; `name` sets its objects apart from those of every other world.
    init(base: String, name: String) {
        self.base = base
        self.name = name
    }

    /// The id of the next object.
    mutating func nextID(_ prefix: String) -> String {
        lastNumber += 1
        let digits = String(lastNumber)
        return prefix + name + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Removes the events that are to be told.
    mutating func takeEvents() -> [PayPalEvent] {
        defer { events = [] }
        return events
    }

    mutating func tell(_ type: String, _ resourceType: String, _ resource: JSONValue) {
        events.append(PayPalEvent(type: type, resourceType: resourceType, resource: resource))
    }

    private mutating func tell(_ type: String, _ capture: PayPalCaptureObject) { tell(type, "capture", capture.json(base)) }
    private mutating func tell(_ type: String, _ refund: PayPalRefundObject) { tell(type, "refund", refund.json(base)) }
    private mutating func tell(_ type: String, _ dispute: PayPalDisputeObject) { tell(type, "dispute", dispute.json(base)) }

    // MARK: Orders

    /// Creates an order from a request's body.
    mutating func create(_ body: JSONValue) throws(PayPalRefusal) -> PayPalOrderObject {
        guard let unit = body["purchase_units"]?.array?.first, let intent = body["intent"]?.string else {
            throw PayPalRefusal(400, "MISSING_REQUIRED_PARAMETER")
        }
        let amount: PayPalMoney
        do { amount = try PayPalMoney(unit["amount"]) } catch { throw PayPalRefusal(422, error.rawValue) }
        let invoiceID = unit["invoice_id"]?.string
        let isUsed = captures.values.contains { $0.invoiceID != nil && $0.invoiceID == invoiceID }
        guard !isUsed else { throw PayPalRefusal(422, "DUPLICATE_INVOICE_ID") }
        let context = body["payment_source"]?["paypal"]?["experience_context"]
        let order = PayPalOrderObject(
            id: nextID("O"),
            intent: intent,
            amount: amount,
            customID: unit["custom_id"]?.string,
            invoiceID: invoiceID,
            returnURL: context?["return_url"]?.string,
            cancelURL: context?["cancel_url"]?.string,
            createdAt: now
        )
        orders[order.id] = order
        return order
    }

    /// The payer has approved an order; nil when it cannot be approved any more.
    mutating func approve(_ id: String) -> PayPalOrderObject? {
        guard var order = orders[id], order.status == "PAYER_ACTION_REQUIRED" || order.status == "APPROVED" else { return nil }
        order.status = "APPROVED"
        orders[id] = order
        tell("CHECKOUT.ORDER.APPROVED", "checkout-order", json(order))
        return order
    }

    /// The time to complete an approved order is over.
    mutating func reverseApproval(_ id: String) throws(PayPalRefusal) {
        guard var order = orders[id] else { throw .notFound }
        order.status = "VOIDED"
        orders[id] = order
        var unit: JSONObject = ["reference_id": "default"]
        if let customID = order.customID { unit["custom_id"] = .string(customID) }
        let resource: JSONValue = ["order_id": .string(id), "purchase_units": [.object(unit)]]
        tell("CHECKOUT.PAYMENT-APPROVAL.REVERSED", "checkout-order", resource)
    }

    /// Takes the money of an approved order, or holds it.
    mutating func complete(_ id: String, _ action: String) throws(PayPalRefusal) -> PayPalOrderObject {
        guard var order = orders[id] else { throw .notFound }
        guard order.intent == (action == "capture" ? "CAPTURE" : "AUTHORIZE") else {
            throw PayPalRefusal(422, "ACTION_DOES_NOT_MATCH_INTENT")
        }
        guard order.captureIDs.isEmpty, order.authorizationIDs.isEmpty else {
            throw PayPalRefusal(422, action == "capture" ? "ORDER_ALREADY_CAPTURED" : "ORDER_ALREADY_AUTHORIZED")
        }
        guard order.status == "APPROVED" else { throw PayPalRefusal(422, "ORDER_NOT_APPROVED") }
        let outcome = captureOutcomes.isEmpty ? "COMPLETED" : captureOutcomes.removeFirst()
        guard ["COMPLETED", "PENDING", "DECLINED"].contains(outcome) else {
            if outcome == "INSTRUMENT_DECLINED" { orders[id]?.status = "PAYER_ACTION_REQUIRED" }
            throw PayPalRefusal(422, outcome)
        }
        if action == "capture" {
            order.captureIDs.append(take(order.amount, of: order, outcome).id)
        } else {
            order.authorizationIDs.append(hold(order).id)
        }
        order.status = "COMPLETED"
        orders[id] = order
        tell("CHECKOUT.ORDER.COMPLETED", "checkout-order", json(order))
        return order
    }

    private mutating func hold(_ order: PayPalOrderObject) -> PayPalAuthorizationObject {
        let held = PayPalAuthorizationObject(
            id: nextID("A"),
            orderID: order.id,
            amount: order.amount,
            customID: order.customID,
            createdAt: now,
            updatedAt: now
        )
        authorizations[held.id] = held
        tell("PAYMENT.AUTHORIZATION.CREATED", "authorization", held.json(base))
        return held
    }

    private mutating func take(_ amount: PayPalMoney, of order: PayPalOrderObject, _ status: String) -> PayPalCaptureObject {
        let capture = PayPalCaptureObject(
            id: nextID("C"),
            orderID: order.id,
            amount: amount,
            customID: order.customID,
            invoiceID: order.invoiceID,
            createdAt: now,
            updatedAt: now,
            status: status,
            refunded: PayPalMoney(currency: amount.currency, minorUnits: 0)
        )
        captures[capture.id] = capture
        tell("PAYMENT.CAPTURE.\(status)", capture)
        return capture
    }

    /// The order with its payments, as the API and the events show it.
    func json(_ order: PayPalOrderObject) -> JSONValue {
        var unit: JSONObject = ["reference_id": "default", "amount": order.amount.json]
        if let customID = order.customID { unit["custom_id"] = .string(customID) }
        if let invoiceID = order.invoiceID { unit["invoice_id"] = .string(invoiceID) }
        let taken = order.captureIDs.compactMap { captures[$0] }
        var payments = JSONObject()
        if !taken.isEmpty { payments["captures"] = .array(taken.map { $0.json(base) }) }
        let held = order.authorizationIDs.compactMap { authorizations[$0] }
        if !held.isEmpty { payments["authorizations"] = .array(held.map { $0.json(base) }) }
        let back = refunds.values.filter { refund in taken.contains { $0.id == refund.captureID } }.sorted { $0.id < $1.id }
        if !back.isEmpty { payments["refunds"] = .array(back.map { $0.json(base) }) }
        if !payments.isEmpty { unit["payments"] = .object(payments) }
        var links = [PayPalWire.link("\(base)/v2/checkout/orders/\(order.id)", "self")]
        if order.status == "PAYER_ACTION_REQUIRED" {
            links.append(PayPalWire.link("\(base)/checkoutnow?token=\(order.id)", "payer-action"))
        }
        return [
            "id": .string(order.id), "intent": .string(order.intent), "status": .string(order.status),
            "purchase_units": [.object(unit)], "create_time": .string(order.createdAt), "links": .array(links),
        ]
    }

    // MARK: Payments

    /// Takes part or all of what is held; with `final_capture` the rest is let go.
    mutating func capture(_ id: String, _ body: JSONValue) throws(PayPalRefusal) -> PayPalCaptureObject {
        guard var held = authorizations[id], var order = orders[held.orderID] else { throw .notFound }
        guard held.status == "CREATED" else {
            throw PayPalRefusal(422, held.status == "CAPTURED" ? "AUTHORIZATION_ALREADY_CAPTURED" : "AUTHORIZATION_VOIDED")
        }
        var amount = held.amount
        if body["amount"] != nil {
            do { amount = try PayPalMoney(body["amount"]) } catch { throw PayPalRefusal(422, error.rawValue) }
        }
        guard amount.currency == held.amount.currency else { throw PayPalRefusal(422, "CURRENCY_MISMATCH") }
        guard amount.minorUnits <= held.amount.minorUnits else { throw PayPalRefusal(422, "MAX_CAPTURE_AMOUNT_EXCEEDED") }
        let outcome = captureOutcomes.isEmpty ? "COMPLETED" : captureOutcomes.removeFirst()
        guard ["COMPLETED", "PENDING", "DECLINED"].contains(outcome) else { throw PayPalRefusal(422, outcome) }
        let taken = take(amount, of: order, outcome)
        order.captureIDs.append(taken.id)
        held.status = "CAPTURED"
        held.updatedAt = now
        authorizations[id] = held
        orders[order.id] = order
        return taken
    }

    /// Lets go of what is held.
    mutating func void(_ id: String) throws(PayPalRefusal) {
        guard var held = authorizations[id] else { throw .notFound }
        guard held.status == "CREATED" else {
            throw PayPalRefusal(422, held.status == "CAPTURED" ? "PREVIOUSLY_CAPTURED" : "PREVIOUSLY_VOIDED")
        }
        held.status = "VOIDED"
        held.updatedAt = now
        authorizations[id] = held
        tell("PAYMENT.AUTHORIZATION.VOIDED", "authorization", held.json(base))
    }

    /// Ends the review of a pending capture.
    mutating func finish(_ id: String, _ status: String) throws(PayPalRefusal) {
        guard var capture = captures[id] else { throw .notFound }
        guard capture.status == "PENDING" else { throw PayPalRefusal(422, "CAPTURE_NOT_PENDING") }
        capture.status = status
        capture.updatedAt = now
        captures[id] = capture
        tell(status == "COMPLETED" ? "PAYMENT.CAPTURE.COMPLETED" : "PAYMENT.CAPTURE.DENIED", capture)
    }

    /// Gives money of a capture back; `isForced` is PayPal's own doing.
    mutating func refund(_ id: String, _ body: JSONValue, isForced: Bool = false) throws(PayPalRefusal) -> PayPalRefundObject {
        guard var capture = captures[id] else { throw .notFound }
        guard capture.status != "PENDING" else { throw PayPalRefusal(422, "PENDING_CAPTURE") }
        guard capture.left.minorUnits > 0 else { throw PayPalRefusal(422, "CAPTURE_FULLY_REFUNDED") }
        var amount = capture.left
        if body["amount"] != nil {
            do { amount = try PayPalMoney(body["amount"]) } catch { throw PayPalRefusal(422, error.rawValue) }
        }
        guard amount.currency == capture.amount.currency else { throw PayPalRefusal(422, "CURRENCY_MISMATCH") }
        guard amount.minorUnits <= capture.left.minorUnits else { throw PayPalRefusal(422, "REFUND_AMOUNT_EXCEEDED") }
        let outcome = refundOutcomes.isEmpty || isForced ? "COMPLETED" : refundOutcomes.removeFirst()
        guard ["COMPLETED", "PENDING"].contains(outcome) else { throw PayPalRefusal(422, outcome) }
        capture.refunded = capture.refunded + amount
        capture.status = capture.left.minorUnits == 0 ? "REFUNDED" : "PARTIALLY_REFUNDED"
        capture.updatedAt = now
        captures[id] = capture
        let refund = PayPalRefundObject(
            id: nextID("R"),
            captureID: id,
            amount: amount,
            customID: body["custom_id"]?.string,
            createdAt: now,
            updatedAt: now,
            status: outcome,
            total: capture.refunded
        )
        refunds[refund.id] = refund
        tell(isForced ? "PAYMENT.CAPTURE.REVERSED" : outcome == "PENDING" ? "PAYMENT.REFUND.PENDING" : "PAYMENT.CAPTURE.REFUNDED", refund)
        return refund
    }

    /// Ends a refund that was pending, or lets one fail that was done.
    mutating func finishRefund(_ id: String, _ status: String) throws(PayPalRefusal) {
        guard var refund = refunds[id], var capture = captures[refund.captureID] else { throw .notFound }
        guard refund.status != status, refund.status != "FAILED" else { throw PayPalRefusal(422, "REFUND_IS_OVER") }
        refund.status = status
        refund.updatedAt = now
        refunds[id] = refund
        if status == "FAILED" {
            capture.refunded = capture.refunded - refund.amount
            capture.status = capture.refunded.minorUnits == 0 ? "COMPLETED" : "PARTIALLY_REFUNDED"
            captures[capture.id] = capture
        }
        tell(status == "FAILED" ? "PAYMENT.REFUND.FAILED" : "PAYMENT.CAPTURE.REFUNDED", refund)
    }

    // MARK: Disputes

    /// A buyer complains about a capture.
    mutating func openDispute(_ body: JSONValue) throws(PayPalRefusal) -> PayPalDisputeObject {
        let named = body["capture_id"]?.string.flatMap { captures[$0] }
        guard let capture = named ?? captures.values.first(where: { $0.customID != nil && $0.customID == body["custom_id"]?.string })
        else { throw .notFound }
        let dispute = PayPalDisputeObject(
            id: nextID("PP-D-"),
            captureID: capture.id,
            customID: capture.customID,
            amount: (try? PayPalMoney(body["amount"])) ?? capture.amount,
            reason: body["reason"]?.string ?? "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
            createdAt: now,
            updatedAt: now
        )
        disputes[dispute.id] = dispute
        tell("CUSTOMER.DISPUTE.CREATED", dispute)
        return dispute
    }

    /// The complaint becomes a claim: the money is taken, and a fee where one is named.
    mutating func escalate(_ id: String, _ body: JSONValue) throws(PayPalRefusal) {
        guard var dispute = disputes[id] else { throw .notFound }
        dispute.status = "WAITING_FOR_SELLER_RESPONSE"
        dispute.stage = "CHARGEBACK"
        dispute.updatedAt = now
        dispute.movements.append((dispute.amount, "DEBIT", "DISPUTE_SETTLEMENT", now))
        if let fee = try? PayPalMoney(body["fee"]) { dispute.movements.append((fee, "DEBIT", "CHARGEBACK_FEE", now)) }
        disputes[id] = dispute
        if body["reverses"]?.bool == true { reverse(dispute) }
        tell("CUSTOMER.DISPUTE.UPDATED", dispute)
    }

    /// PayPal tells of the money that a dispute has taken a second time, as a reversal of the capture.
    private mutating func reverse(_ dispute: PayPalDisputeObject) {
        let taken = PayPalRefundObject(
            id: nextID("R"),
            captureID: dispute.captureID,
            amount: dispute.amount,
            customID: nil,
            createdAt: now,
            updatedAt: now,
            status: "COMPLETED",
            total: dispute.amount,
            isOfDispute: true
        )
        refunds[taken.id] = taken
        tell("PAYMENT.CAPTURE.REVERSED", taken)
    }

    /// The end, by PayPal's outcome code; what was taken comes back unless the buyer has won.
    mutating func resolve(_ id: String, _ outcome: String) throws(PayPalRefusal) {
        guard var dispute = disputes[id] else { throw .notFound }
        dispute.status = "RESOLVED"
        dispute.outcome = outcome
        dispute.updatedAt = now
        let wasTaken = dispute.movements.contains { $0.reason == "DISPUTE_SETTLEMENT" }
        if outcome == "RESOLVED_BUYER_FAVOUR" {
            if !wasTaken { dispute.movements.append((dispute.amount, "DEBIT", "DISPUTE_SETTLEMENT", now)) }
        } else if wasTaken {
            dispute.movements.append((dispute.amount, "CREDIT", "DISPUTE_SETTLEMENT", now))
        }
        disputes[id] = dispute
        tell("CUSTOMER.DISPUTE.RESOLVED", dispute)
    }
}
