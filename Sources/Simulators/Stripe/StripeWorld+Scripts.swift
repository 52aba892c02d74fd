import StrictJSON

extension StripeWorld {
    /// Lets customers and banks do what a script orders; nil for an order that is not known or of something that is not there.
    mutating func play(_ name: String, _ order: JSONValue, now: Int64) -> (answer: JSONValue, events: [SimulatedEvent])? {
        let text = { (member: String) in order[member]?.string ?? "" }
        let number = { (member: String) in order[member]?.int64 }
        switch name {
        case "settings":
            takesFees = order["fees"]?.bool ?? takesFees
            return (report, [])
        case "pay", "decline":
            return done(authenticate(text("payment_intent"), succeeds: name == "pay", now: now), self[text("payment_intent")]?.json)
        case "complete_refund", "fail_refund":
            let reason = order["reason"]?.string ?? "unknown"
            let events = conclude(refund: text("refund"), succeeds: name == "complete_refund", reason: reason)
            return done(events, refunds.first { $0.id == text("refund") }?.json)
        case "dispute":
            let change = dispute(
                text("payment_intent"),
                amount: number("amount"),
                fee: number("fee") ?? 5000,
                isInquiry: order["inquiry"]?.bool ?? false,
                now: now
            )
            guard case .done(let dispute, let events) = change else { return nil }
            return (dispute.json, events)
        case "resolve_dispute":
            let events = conclude(dispute: text("dispute"), status: text("status"), now: now)
            return done(events, disputes.first { $0.id == text("dispute") }?.json)
        case "payout":
            let (payout, events) = payout(amount: number("amount") ?? 0, currency: order["currency"]?.string ?? "thb", now: now)
            return (payout.json, events)
        case "settle_payout":
            let events = conclude(payout: text("payout"), succeeds: text("status") != "failed")
            return done(events, payouts.first { $0.id == text("payout") }?.json)
        default:
            return nil
        }
    }

    private func done(_ events: [SimulatedEvent], _ object: JSONValue?) -> (answer: JSONValue, events: [SimulatedEvent])? {
        guard let object, !events.isEmpty else { return nil }
        return (object, events)
    }
}
