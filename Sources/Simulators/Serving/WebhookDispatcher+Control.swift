import StrictJSON

extension WebhookDispatcher {
    /// Obeys what a simulator's script orders of webhooks, by the names that all simulators share; nil for a name of another thing.
    ///
    /// `flush` sends what is held back. `deliver` with `{"order": [2, 0, 2]}` posts it in that order and answers the statuses it got, null
    /// where no answer came. `held` answers the bodies, whose places are what `deliver` means.
    func obey(_ name: String, _ order: JSONValue) async -> SimulatorServer.Answer? {
        switch name {
        case "flush":
            flush()
            return .json(["ok": true])
        case "deliver":
            let places = (order["order"]?.array ?? []).map { $0.int64.flatMap { Int(exactly: $0) } ?? -1 }
            guard let statuses = await deliver(places) else { return .json(["error": "no webhook is held at that place"], status: 404) }
            return .json(["statuses": .array(statuses.map { $0.map { .number(JSONNumber(Int64($0))) } ?? .null })])
        case "held":
            return .json(["data": .array(heldBodies.compactMap { try? JSONValue.parse($0) })])
        default:
            return nil
        }
    }

    /// Reads how webhooks are to misbehave, where an order says so in `webhooks` or at its top.
    func take(_ order: JSONValue) {
        if let webhooks = order["webhooks"] { behaviour = WebhookBehaviour(webhooks) }
        if WebhookBehaviour.isNamed(in: order) { behaviour = WebhookBehaviour(order) }
    }
}

extension WebhookBehaviour {
    /// Reads a script's order.
    init(_ order: JSONValue) {
        duplicates = order["duplicate"]?.int64.map { Int($0) } ?? 0
        delay = .milliseconds(order["delay_ms"]?.int64 ?? 50)
        drops = order["drop"]?.bool ?? false
        reverses = order["order"]?.string == "reverse" || order["reorder"]?.bool == true
        holds = order["hold"]?.bool ?? false
    }

    /// Whether an order speaks of webhooks at its top.
    fileprivate static func isNamed(in order: JSONValue) -> Bool {
        ["duplicate", "delay_ms", "drop", "order", "reorder", "hold"].contains { order[$0] != nil }
    }
}
