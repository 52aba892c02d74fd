import HTTPTypes
import StrictJSON
import Synchronization

extension PayPalSimulator {
    /// What scripts, tests and people let happen.
    func control(_ call: SimulatorServer.Call, _ parts: [String]) async -> SimulatorServer.Answer {
        if parts == ["sign"] { return sign(call.body) }
        let order = (try? JSONValue.parse(call.body.isEmpty ? Array("{}".utf8) : call.body)) ?? [:]
        if parts.count == 1, let answer = await dispatcher.obey(parts[0], order) { return answer }
        if call.method == .get { return parts == ["state"] ? .json(report) : refusal(.notFound) }
        do throws(PayPalRefusal) {
            return .json(try obey(parts, order))
        } catch {
            return refusal(error)
        }
    }

    /// The headers with which PayPal would send a body, for scripts that deliver it themselves, whole or changed.
    private func sign(_ body: [UInt8]) -> SimulatorServer.Answer {
        .json(.object(JSONObject(dispatcher.sign(body).map { ($0.name.canonicalName, .string($0.value)) })))
    }

    private func obey(_ parts: [String], _ order: JSONValue) throws(PayPalRefusal) -> JSONValue {
        let done: JSONValue = ["ok": true]
        switch (parts.first, parts.count) {
        case ("misbehaviour", 1):
            state.withLock { $0.misbehaviour = Misbehaviour(order) }
            dispatcher.take(order)
        case ("certificate", 1): state.withLock { $0.certificateStatus = order["status"]?.int64.map { Int($0) } }
        case ("tokens", 1): state.withLock { $0.tokens = [] }
        case ("next", 1):
            let outcomes = { (name: String) in (order[name]?.array ?? []).compactMap(\.string) }
            change { world in
                world.captureOutcomes += outcomes("captures")
                world.refundOutcomes += outcomes("refunds")
                world.payoutOutcomes += outcomes("payouts")
            }
        case ("disputes", 1):
            return try change { (world) throws(PayPalRefusal) in
                let dispute = try world.openDispute(order)
                return dispute.json(world.base)
            }
        case (let kind?, 3): try act(kind, parts[1], parts[2], order)
        default: throw .notFound
        }
        return done
    }

    private func act(_ kind: String, _ id: String, _ action: String, _ order: JSONValue) throws(PayPalRefusal) {
        try change { (world) throws(PayPalRefusal) in
            switch (kind, action) {
            case ("captures", "complete"): try world.finish(id, "COMPLETED")
            case ("captures", "deny"): try world.finish(id, "DECLINED")
            case ("captures", "reverse"): _ = try world.refund(id, order, isForced: true)
            // As in the dashboard, where nobody names our refund.
            case ("captures", "refund"): _ = try world.refund(id, order["amount"].map { ["amount": $0] } ?? [:])
            case ("refunds", "complete"): try world.finishRefund(id, "COMPLETED")
            case ("refunds", "fail"): try world.finishRefund(id, "FAILED")
            case ("authorizations", "void"): try world.void(id)
            case ("payouts", let action) where PayPalSimulator.payoutActions[action] != nil:
                try world.settlePayout(id, PayPalSimulator.payoutActions[action] ?? "")
            case ("orders", "reverse-approval"): try world.reverseApproval(id)
            case ("disputes", "escalate"): try world.escalate(id, order)
            case ("disputes", "resolve"): try world.resolve(id, order["outcome"]?.string ?? "RESOLVED_SELLER_FAVOUR")
            default: throw .notFound
            }
        }
    }

    /// What can happen to a payout, and the status to which that leads.
    private static let payoutActions = [
        "complete": "SUCCESS", "claim": "SUCCESS", "fail": "FAILED", "return": "RETURNED", "hold": "ONHOLD", "block": "BLOCKED",
        "refund": "REFUNDED", "reverse": "REVERSED", "deny": "DENIED", "leave": "UNCLAIMED",
    ]

    /// What a script can check at the end; `balance` is what PayPal owes us, by currency.
    private var report: JSONValue {
        let state = state.withLock { $0 }
        let world = state.world
        var balance: [String: Int64] = [:]
        for capture in world.captures.values where ["COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"].contains(capture.status) {
            balance[capture.amount.currency, default: 0] += capture.amount.minorUnits - capture.amount.fee.minorUnits
        }
        for refund in world.refunds.values where refund.status == "COMPLETED" && !refund.isOfDispute {
            balance[refund.amount.currency, default: 0] -= refund.amount.minorUnits
        }
        for payout in world.payouts.values {
            let gone = (payout.isGone ? payout.amount.minorUnits : 0) + payout.fee.minorUnits
            balance[payout.amount.currency, default: 0] -= gone
        }
        for movement in world.disputes.values.flatMap(\.movements) {
            balance[movement.amount.currency, default: 0] += (movement.type == "DEBIT" ? -1 : 1) * movement.amount.minorUnits
        }
        return [
            "orders": objects(world.orders.mapValues { world.json($0) }),
            "captures": objects(world.captures.mapValues { $0.json(world.base) }),
            "authorizations": objects(world.authorizations.mapValues { $0.json(world.base) }),
            "refunds": objects(world.refunds.mapValues { $0.json(world.base) }),
            "disputes": objects(world.disputes.mapValues { $0.json(world.base) }),
            "payouts": objects(world.payouts.mapValues { $0.item(world.base) }),
            "balance": .object(JSONObject(balance.sorted { $0.key < $1.key }.map { ($0.key, .number(JSONNumber($0.value))) })),
            "requests_by_key": .object(
                JSONObject(state.requestCounts.sorted { $0.key < $1.key }.map { ($0.key, .number(JSONNumber(Int64($0.value)))) })
            ),
            "misbehaviours": state.misbehaviour.left, "tokens": .number(JSONNumber(Int64(state.tokenCount))),
            "certificates": .number(JSONNumber(Int64(state.certificateCount))),
        ]
    }

    private func objects(_ objects: [String: JSONValue]) -> JSONValue {
        .array(objects.sorted { $0.key < $1.key }.map(\.value))
    }
}
