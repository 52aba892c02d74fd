import StrictJSON

/// A payout of the simulated PayPal: a batch with its one item.
struct PayPalPayoutObject: Sendable {
    let batchID: String
    let itemID: String
    let senderBatchID: String
    let senderItemID: String
    let receiver: String
    let amount: PayPalMoney
    let createdAt: String
    var updatedAt: String
    var batchStatus = "PENDING"
    var status = "PENDING"
    var reason: String?

    /// Whether the money has left us.
    var isGone: Bool { ["SUCCESS", "UNCLAIMED", "ONHOLD"].contains(status) }

    /// A quarter of the currency for each item that was sent, given back or not; nothing for one that failed.
    var fee: PayPalMoney {
        let isFree = ["PENDING", "FAILED", "BLOCKED", "DENIED"].contains(status)
        return PayPalMoney(currency: amount.currency, minorUnits: isFree ? 0 : 25)
    }

    /// The batch with its item; one that is still pending has none to show.
    func batch(_ base: String) -> JSONValue {
        var object: JSONObject = [
            "batch_header": [
                "payout_batch_id": .string(batchID), "batch_status": .string(batchStatus), "time_created": .string(createdAt),
                "sender_batch_header": ["sender_batch_id": .string(senderBatchID)], "amount": amount.payoutJSON, "fees": fee.payoutJSON,
            ],
            "links": [PayPalWire.link("\(base)/v1/payments/payouts/\(batchID)", "self")],
        ]
        if batchStatus != "PENDING", batchStatus != "DENIED" { object["items"] = [item(base)] }
        return .object(object)
    }

    /// The item.
    func item(_ base: String) -> JSONValue {
        var object: JSONObject = [
            "payout_item_id": .string(itemID), "transaction_status": .string(status), "payout_item_fee": fee.payoutJSON,
            "payout_batch_id": .string(batchID), "sender_batch_id": .string(senderBatchID),
            "payout_item": [
                "recipient_type": "EMAIL", "amount": amount.payoutJSON, "receiver": .string(receiver),
                "sender_item_id": .string(senderItemID),
            ],
            "time_processed": .string(updatedAt),
            "links": [
                PayPalWire.link("\(base)/v1/payments/payouts-item/\(itemID)", "self"),
                PayPalWire.link("\(base)/v1/payments/payouts/\(batchID)", "batch"),
            ],
        ]
        if let reason { object["errors"] = ["name": .string(reason), "message": "Simulated."] }
        return .object(object)
    }
}

extension PayPalMoney {
    /// Reads `{"currency","value"}`, as payouts write it.
    init(payout value: JSONValue?) throws(Refusal) {
        var object = JSONObject()
        object["currency_code"] = value?["currency"]
        object["value"] = value?["value"]
        try self.init(.object(object))
    }

    /// The money object as payouts write it.
    var payoutJSON: JSONValue {
        let usual = json
        return ["currency": usual["currency_code"] ?? "", "value": usual["value"] ?? ""]
    }
}

extension PayPalWorld {
    /// Takes a batch of one item, and pays it as the script says: SUCCESS where it says nothing.
    ///
    /// A `sender_batch_id` that was used before is refused with a link to its batch.
    mutating func sendPayout(_ body: JSONValue) throws(PayPalRefusal) -> JSONValue {
        let header = body["sender_batch_header"]
        guard let senderBatchID = header?["sender_batch_id"]?.string, let items = body["items"]?.array, items.count == 1,
            let item = items.first, let receiver = item["receiver"]?.string, receiver.contains("@")
        else { throw PayPalRefusal(400, "VALIDATION_ERROR") }
        if let earlier = payouts.values.first(where: { $0.senderBatchID == senderBatchID }) {
            let link = PayPalWire.link("\(base)/v1/payments/payouts/\(earlier.batchID)", "self")
            throw PayPalRefusal(400, "USER_BUSINESS_ERROR", links: [link])
        }
        let amount: PayPalMoney
        do { amount = try PayPalMoney(payout: item["amount"]) } catch { throw PayPalRefusal(422, error.rawValue) }
        let outcome = payoutOutcomes.isEmpty ? "SUCCESS" : payoutOutcomes.removeFirst()
        guard PayPalWorld.payoutStatuses.contains(outcome) else { throw PayPalRefusal(422, outcome) }
        let payout = PayPalPayoutObject(
            batchID: nextID("B"),
            itemID: nextID("I"),
            senderBatchID: senderBatchID,
            senderItemID: item["sender_item_id"]?.string ?? "",
            receiver: receiver,
            amount: amount,
            createdAt: now,
            updatedAt: now
        )
        payouts[payout.itemID] = payout
        try settlePayout(payout.itemID, outcome)
        return payout.batch(base)
    }

    private static let payoutStatuses: Set = [
        "SUCCESS", "FAILED", "PENDING", "UNCLAIMED", "RETURNED", "ONHOLD", "BLOCKED", "REFUNDED", "REVERSED", "DENIED",
    ]
    private static let payoutEvents = [
        "SUCCESS": "SUCCEEDED", "FAILED": "FAILED", "UNCLAIMED": "UNCLAIMED", "RETURNED": "RETURNED", "ONHOLD": "HELD",
        "BLOCKED": "BLOCKED", "REFUNDED": "REFUNDED", "REVERSED": "REFUNDED",
    ]

    /// Brings an item, by its id or by our name for it, to a status; the batch is done with the first one.
    mutating func settlePayout(_ name: String, _ status: String) throws(PayPalRefusal) {
        guard var payout = payouts[name] ?? payouts.values.first(where: { $0.senderItemID == name }),
            PayPalWorld.payoutStatuses.contains(status)
        else { throw .notFound }
        payout.updatedAt = now
        guard status != "DENIED" else {
            payout.batchStatus = "DENIED"
            payout.status = "DENIED"
            payouts[payout.itemID] = payout
            return tell("PAYMENT.PAYOUTSBATCH.DENIED", "payouts", payout.batch(base))
        }
        let isFirst = payout.batchStatus == "PENDING"
        payout.batchStatus = status == "PENDING" ? "PROCESSING" : "SUCCESS"
        payout.status = status
        payout.reason = ["FAILED": "RECEIVER_ACCOUNT_LOCKED", "UNCLAIMED": "RECEIVER_UNREGISTERED"][status]
        payouts[payout.itemID] = payout
        if isFirst { tell("PAYMENT.PAYOUTSBATCH.PROCESSING", "payouts", payout.batch(base)) }
        if status != "PENDING", isFirst { tell("PAYMENT.PAYOUTSBATCH.SUCCESS", "payouts", payout.batch(base)) }
        if let event = PayPalWorld.payoutEvents[status] { tell("PAYMENT.PAYOUTS-ITEM.\(event)", "payouts_item", payout.item(base)) }
    }
}
