import StrictJSON

extension StripeWorld {
    /// Makes a refund.
    ///
    /// A card's says at once that it succeeded; PromptPay's waits for the customer's bank account.
    mutating func refund(_ form: Form, now: Int64) -> StripeChange<SimulatedRefund> {
        guard let id = form["payment_intent"], let intent = self[id] else { return .missing }
        guard intent.status == "succeeded" else { return .refused(code: "charge_not_captured") }
        // An inquiry takes no money, and a dispute that was won has given it back.
        let isTaken = disputes.contains { $0.intent == id && $0.status != "won" && !$0.status.hasPrefix("warning_") }
        guard !isTaken else { return .refused(code: "charge_disputed") }
        let left = intent.received - intent.refunded
        guard left > 0 else { return .refused(code: "charge_already_refunded") }
        let amount = form["amount"].flatMap { Int64($0) } ?? left
        guard (1...left).contains(amount) else { return .refused(code: "amount_too_large") }
        let refund = SimulatedRefund(
            id: nextID(intent.isPromptPay ? "pyr_" : "re_"),
            intent: id,
            charge: intent.chargeID,
            amount: amount,
            currency: intent.currency,
            metadata: form.metadata,
            created: now,
            status: intent.isPromptPay ? "requires_action" : "succeeded"
        )
        refunds.append(refund)
        let told = change(id, from: ["succeeded"]) { _, intent in
            let before = JSONValue.object(JSONObject([("amount_refunded", .number(JSONNumber(intent.refunded + intent.released)))]))
            intent.refunded += amount
            return [SimulatedEvent(type: "charge.refunded", object: intent.charge, previous: before)]
        }
        return .done(refund, [SimulatedEvent(type: "refund.created", object: refund.json)] + (told ?? []))
    }

    /// The customer's bank has the money, or sends it back; weeks later, if a script lets it.
    mutating func conclude(refund id: String, succeeds: Bool, reason: String) -> [SimulatedEvent] {
        guard let index = refunds.firstIndex(where: { $0.id == id }) else { return [] }
        let isOpen = refunds[index].status == "requires_action"
        guard isOpen || refunds[index].status == "succeeded" && !succeeds else { return [] }
        refunds[index].status = succeeds ? "succeeded" : "failed"
        refunds[index].failureReason = succeeds ? nil : reason
        let refund = refunds[index]
        if !succeeds {
            _ = change(refund.intent, from: ["succeeded"]) { _, intent in
                intent.refunded -= refund.amount
                return []
            }
        }
        return [SimulatedEvent(type: succeeds ? "refund.updated" : "refund.failed", object: refund.json)]
    }

    /// The customer objects.
    ///
    /// The bank's question moves no money; a dispute takes the amount and a fee at once.
    mutating func dispute(_ id: String, amount: Int64?, fee: Int64, isInquiry: Bool, now: Int64) -> StripeChange<SimulatedDispute> {
        guard let intent = self[id], intent.status == "succeeded" else { return .missing }
        var dispute = SimulatedDispute(
            id: nextID("du_"),
            intent: id,
            charge: intent.chargeID,
            amount: amount ?? intent.received,
            currency: intent.currency,
            created: now,
            status: isInquiry ? "warning_needs_response" : "needs_response"
        )
        var events = [SimulatedEvent(type: "charge.dispute.created", object: dispute.json)]
        if !isInquiry {
            dispute.movements = [movement(of: dispute, amount: -dispute.amount, fee: fee, category: "dispute", now: now)]
            events.append(SimulatedEvent(type: "charge.dispute.funds_withdrawn", object: dispute.json))
            _ = change(id, from: ["succeeded"]) { _, intent in
                intent.isDisputed = true
                return []
            }
        }
        disputes.append(dispute)
        return .done(dispute, events)
    }

    /// The bank has decided; money that comes back is told by an event of its own.
    mutating func conclude(dispute id: String, status: String, now: Int64) -> [SimulatedEvent] {
        guard let index = disputes.firstIndex(where: { $0.id == id }) else { return [] }
        disputes[index].status = status
        guard status != "under_review" else { return [SimulatedEvent(type: "charge.dispute.updated", object: disputes[index].json)] }
        var events = [SimulatedEvent(type: "charge.dispute.closed", object: disputes[index].json)]
        if status == "won", let taken = disputes[index].movements.first {
            let back = movement(of: disputes[index], amount: -taken.amount, fee: 0, category: "dispute_reversal", now: now)
            disputes[index].movements.append(back)
            events.append(SimulatedEvent(type: "charge.dispute.funds_reinstated", object: disputes[index].json))
        }
        return events
    }

    private mutating func movement(
        of dispute: SimulatedDispute,
        amount: Int64,
        fee: Int64,
        category: String,
        now: Int64
    ) -> SimulatedMovement {
        SimulatedMovement(
            id: nextID("txn_"),
            amount: amount,
            fee: fee,
            currency: dispute.currency,
            created: now,
            category: category,
            source: dispute.id
        )
    }

    /// Sends money to our bank.
    mutating func payout(amount: Int64, currency: String, now: Int64) -> (payout: SimulatedPayout, events: [SimulatedEvent]) {
        var payout = SimulatedPayout(id: nextID("po_"), amount: amount, currency: currency, created: now, status: "pending")
        let created = SimulatedEvent(type: "payout.created", object: payout.json)
        payout.status = "in_transit"
        payouts.append(payout)
        return (payout, [created, SimulatedEvent(type: "payout.updated", object: payout.json)])
    }

    /// The bank has the money, or sends it back after all.
    mutating func conclude(payout id: String, succeeds: Bool) -> [SimulatedEvent] {
        guard let index = payouts.firstIndex(where: { $0.id == id }) else { return [] }
        payouts[index].status = succeeds ? "paid" : "failed"
        return [SimulatedEvent(type: succeeds ? "payout.paid" : "payout.failed", object: payouts[index].json)]
    }
}
