import Cryptography
import HTTPTypes
import StrictJSON
import Synchronization

extension PayPalSimulator {
    // MARK: The token

    func token(_ call: SimulatorServer.Call) -> SimulatorServer.Answer {
        let expected = Base64.encode(Array("\(configuration.clientID):\(configuration.clientSecret.exposed)".utf8))
        guard call.headers[.authorization] == "Basic \(expected)" else {
            return .json(["error": "invalid_client", "error_description": "Client Authentication failed"], status: 401)
        }
        guard Form(String(decoding: call.body, as: UTF8.self))["grant_type"] == "client_credentials" else {
            return .json(["error": "unsupported_grant_type", "error_description": "Grant Type is NULL"], status: 400)
        }
        let token = "A21AA" + Hexadecimal.encode(SecureRandom.bytes(20))
        state.withLock { state in
            state.tokens.insert(token)
            state.tokenCount += 1
        }
        return .json([
            "scope": "https://uri.paypal.com/services/payments/payment", "access_token": .string(token), "token_type": "Bearer",
            "app_id": "APP-SIMULATED", "expires_in": 32_400, "nonce": .string(WallClock.payPal),
        ])
    }

    // MARK: The API

    func api(_ call: SimulatorServer.Call, _ parts: [String]) async -> SimulatorServer.Answer {
        let bearer = call.headers[.authorization].map { String($0.dropFirst("Bearer ".count)) } ?? ""
        guard state.withLock({ $0.tokens.contains(bearer) }) else {
            return .json(["error": "invalid_token", "error_description": "Token signature verification failed"], status: 401)
        }
        let key = call.headers[PayPalHeaders.requestID] ?? ""
        let begun = state.withLock { state -> Misbehaviour? in
            guard key.isEmpty || state.running.insert(key).inserted else { return nil }
            return call.method == .post ? state.misbehaviour.next() : state.misbehaviour.nextRead()
        }
        guard let order = begun else { return refusal(PayPalRefusal(409, "PREVIOUS_REQUEST_IN_PROGRESS")) }
        if order.hangBeforeMilliseconds > 0 { try? await Task.sleep(for: .milliseconds(order.hangBeforeMilliseconds)) }
        let answer = act(call, parts, order)
        _ = state.withLock { $0.running.remove(key) }
        if order.hangAfterMilliseconds > 0 { try? await Task.sleep(for: .milliseconds(order.hangAfterMilliseconds)) }
        return order.commitsThenBreaks ? .reset : answer
    }

    /// Carries a request out, or does what was ordered in its place.
    private func act(_ call: SimulatorServer.Call, _ parts: [String], _ order: Misbehaviour) -> SimulatorServer.Answer {
        if order.answersPage { return .text("<html><body>Scheduled maintenance</body></html>") }
        if let status = order.status {
            let headers: HTTPFields = status == 429 ? [.retryAfter: String(order.retryAfterSeconds)] : [:]
            return .json(["name": "SIMULATED", "details": [["issue": "SIMULATED"]]], status: status, headers: headers)
        }
        if let decline = order.decline {
            return refusal(PayPalRefusal(422, decline == "generic_decline" ? "TRANSACTION_REFUSED" : decline))
        }
        let answer = call.method == .post ? perform(call, parts) : look(parts, Form(call.query))
        return order.commitsThen500 ? refusal(PayPalRefusal(500, "INTERNAL_SERVICE_ERROR")) : answer
    }

    private func look(_ parts: [String], _ query: Form) -> SimulatorServer.Answer {
        parts == ["customer", "disputes"] ? disputes(query["disputed_transaction_id"]) : found(parts)
    }

    /// The disputes of a capture, or all.
    private func disputes(_ capture: String?) -> SimulatorServer.Answer {
        let items = state.withLock { state in
            state.world.disputes.values.filter { capture == nil || $0.captureID == capture }.sorted { $0.id < $1.id }
                .map { $0.json(state.world.base) }
        }
        return .json(["items": .array(items)])
    }

    /// The latest state of what a path names.
    private func found(_ parts: [String]) -> SimulatorServer.Answer {
        let body = state.withLock { state -> JSONValue? in
            let world = state.world
            guard parts.count == 3 else { return nil }
            switch parts[1] {
            case "orders": return world.orders[parts[2]].map { world.json($0) }
            case "captures": return world.captures[parts[2]]?.json(world.base)
            case "authorizations": return world.authorizations[parts[2]]?.json(world.base)
            case "refunds": return world.refunds[parts[2]]?.json(world.base)
            case "disputes": return world.disputes[parts[2]]?.json(world.base)
            case "payouts": return world.payouts.values.first { $0.batchID == parts[2] }?.batch(world.base)
            case "payouts-item": return world.payouts[parts[2]]?.item(world.base)
            default: return nil
            }
        }
        return body.map { .json($0) } ?? refusal(.notFound)
    }

    /// Carries a request out, or answers the latest state of what the same request made before.
    private func perform(_ call: SimulatorServer.Call, _ parts: [String]) -> SimulatorServer.Answer {
        if parts == ["notifications", "verify-webhook-signature"] { return judge(call.body) }
        // Payouts are told apart by `sender_batch_id`, and a second one is refused.
        let key = parts == ["payments", "payouts"] ? nil : call.headers[PayPalHeaders.requestID]
        let made = state.withLock { state -> String? in
            guard let key else { return nil }
            state.requestCounts[key, default: 0] += 1
            return state.kept[key]
        }
        if let made {
            return made.isEmpty
                ? .bytes(204, contentType: "application/json", headers: [:], []) : found(made.split(separator: "/").map(String.init))
        }
        do throws(PayPalRefusal) {
            let (place, body) = try carryOut(parts, (try? JSONValue.parse(call.body)) ?? [:])
            if let key { state.withLock { $0.kept[key] = place } }
            return body.map { .json($0, status: 201) } ?? .bytes(204, contentType: "application/json", headers: [:], [])
        } catch {
            return refusal(error)
        }
    }

    private func carryOut(_ parts: [String], _ body: JSONValue) throws(PayPalRefusal) -> (place: String, body: JSONValue?) {
        let id = parts.count > 2 ? parts[2] : ""
        switch (parts.prefix(2).joined(separator: "/"), parts.count > 3 ? parts[3] : "") {
        case ("checkout/orders", "") where parts.count == 2:
            return try change { (world) throws(PayPalRefusal) in
                let order = try world.create(body)
                return ("checkout/orders/\(order.id)", world.json(order))
            }
        case ("checkout/orders", "capture"), ("checkout/orders", "authorize"):
            return try change { (world) throws(PayPalRefusal) in
                let order = try world.complete(id, parts[3])
                return ("checkout/orders/\(id)", world.json(order))
            }
        case ("payments/authorizations", "capture"):
            return try change { (world) throws(PayPalRefusal) in
                let capture = try world.capture(id, body)
                return ("payments/captures/\(capture.id)", capture.json(world.base))
            }
        case ("payments/authorizations", "void"):
            return try change { (world) throws(PayPalRefusal) in
                try world.void(id)
                return ("", nil)
            }
        case ("payments/captures", "refund"):
            return try change { (world) throws(PayPalRefusal) in
                let refund = try world.refund(id, body)
                return ("payments/refunds/\(refund.id)", refund.json(world.base))
            }
        case ("payments/payouts", "") where parts.count == 2:
            return try change { (world) throws(PayPalRefusal) in
                let batch = try world.sendPayout(body)
                return ("", batch)
            }
        case ("payments/payouts-item", "cancel"):
            return try change { (world) throws(PayPalRefusal) in
                guard world.payouts[id]?.status == "UNCLAIMED" else { throw PayPalRefusal(400, "ITEM_ALREADY_CANCELLED") }
                try world.settlePayout(id, "RETURNED")
                return ("", world.payouts[id]?.item(world.base))
            }
        default: throw .notFound
        }
    }

    /// `verify-webhook-signature`: the event is what stands in the request, byte for byte, as its last member.
    private func judge(_ request: [UInt8]) -> SimulatorServer.Answer {
        let mark = Array("\"webhook_event\":".utf8)
        guard let value = try? JSONValue.parse(request), let start = request.firstRange(of: mark)?.upperBound,
            request.last == UInt8(ascii: "}")
        else { return refusal(PayPalRefusal(400, "INVALID_REQUEST")) }
        let text = { (name: String) in value[name]?.string ?? "" }
        let isOurs = signing.isOurs(
            text("transmission_sig"),
            id: text("transmission_id"),
            time: text("transmission_time"),
            webhookID: text("webhook_id"),
            body: Array(request[start..<request.count - 1])
        )
        return .json(["verification_status": isOurs ? "SUCCESS" : "FAILURE"])
    }
}
