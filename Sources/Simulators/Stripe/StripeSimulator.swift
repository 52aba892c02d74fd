package import Cryptography
import HTTPTypes
package import OutboundHTTP
import StrictJSON
import Synchronization

/// A Stripe that answers PaymentIntents and posts signed webhooks; stateful, and able to misbehave on demand.
package final class StripeSimulator: Sendable {
    private struct KeptAnswer: Sendable {
        let form: Form
        let status: Int
        let body: JSONValue
    }

    private struct State: Sendable {
        var world = StripeWorld(name: Hexadecimal.encode(SecureRandom.bytes(6)))
        var misbehaviour = StripeMisbehaviour()
        var kept: [String: KeptAnswer] = [:]
        var lastRequest = 0
    }

    private let state = Mutex(State())
    private let dispatcher: WebhookDispatcher
    private let host: String
    private let port: Int

    /// Simulates at an address and posts webhooks to `webhookURL`, signed with `webhookSecret`.
    package init(host: String, port: Int, webhookURL: String, webhookSecret: SecretText, client: HTTPClient = HTTPClient()) {
        self.host = host
        self.port = port
        let key = HMACKey(webhookSecret)
        dispatcher = WebhookDispatcher(url: webhookURL, client: client) { body in
            let timestamp = WallClock.seconds
            let code = key.authenticationCode(parts: [Array("\(timestamp).".utf8), body])
            var headers = HTTPFields()
            headers[SimulatorHeaders.stripeSignature] = "t=\(timestamp),v1=\(Hexadecimal.encode(code))"
            return headers
        }
    }

    /// Serves and posts until the task is cancelled or the process is told to stop.
    package func run(onListening: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.dispatcher.run() }
            try await SimulatorServer(host: host, port: port, handle: answer).run(onListening: onListening)
            group.cancelAll()
        }
    }

    private func answer(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        let parts = call.path.split(separator: "/").map(String.init)
        switch (call.method, parts.first, parts.count) {
        case (.post, "_control", 2): return control(parts[1], call)
        case (.get, "_control", 2): return .json(state.withLock { $0.world.report })
        case (_, "3ds", 2...3): return threeDSecure(parts)
        case (_, "v1", _): return await api(call, Array(parts.dropFirst()))
        default: return error(404, "invalid_request_error", "resource_missing")
        }
    }

    // MARK: The API

    private func api(_ call: SimulatorServer.Call, _ parts: [String]) async -> SimulatorServer.Answer {
        guard let key = call.headers[.authorization], key.contains("sk_test_") else {
            return error(401, "invalid_request_error", "api_key_invalid")
        }
        guard parts.first == "payment_intents" else { return error(404, "invalid_request_error", "resource_missing") }
        switch (call.method, parts.count) {
        case (.post, 1): return await create(call)
        case (.get, 1): return list(Form(call.query))
        case (.get, 2): return found(parts[1])
        case (.post, 3): return act(parts[2], on: parts[1], Form(String(decoding: call.body, as: UTF8.self)))
        default: return error(404, "invalid_request_error", "resource_missing")
        }
    }

    private func create(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        let form = Form(String(decoding: call.body, as: UTF8.self))
        let key = call.headers[SimulatorHeaders.idempotencyKey] ?? ""
        let (mode, hang, retryAfter, replay) = state.withLock { state -> (StripeMisbehaviour.Mode, Int, Int, KeptAnswer?) in
            state.world.count(key: key)
            if let kept = state.kept[key] { return (.normal, 0, 0, kept) }
            let mode = state.misbehaviour.next()
            return (mode, state.misbehaviour.hangMilliseconds, state.misbehaviour.retryAfterSeconds, nil)
        }
        if let replay {
            guard replay.form == form else { return error(400, "idempotency_error", "idempotency_error") }
            return answer(replay.body, status: replay.status, isReplay: true)
        }
        switch mode {
        case .rateLimited:
            return .json(errorBody("rate_limit_error", "rate_limit"), status: 429, headers: [.retryAfter: String(retryAfter)])
        case .error500: return error(500, "api_error", "internal_error")
        case .html200: return .text("<html><body>Scheduled maintenance</body></html>")
        case .normal, .commit500, .commitReset, .hang, .decline: break
        }
        let (status, body) = carryOut(form, key, declines: mode == .decline, answers500: mode == .commit500)
        switch mode {
        case .commitReset: return .reset
        case .hang:
            try? await Task.sleep(for: .milliseconds(hang))
            return answer(body, status: status, isReplay: false)
        default: return answer(body, status: status, isReplay: false)
        }
    }

    private func carryOut(_ form: Form, _ key: String, declines: Bool, answers500: Bool) -> (Int, JSONValue) {
        let (status, body, events) = state.withLock { state -> (Int, JSONValue, [SimulatedEvent]) in
            var form = form
            let original = form
            if declines { form = form.replacing("payment_method", with: "pm_card_visa_chargeDeclined") }
            let (intent, events) = state.world.create(form, pageBase: "http://\(host):\(port)", now: WallClock.seconds)
            var status = 200
            var body = intent.json
            if let decline = intent.error {
                status = 402
                var error = decline.json.object ?? JSONObject()
                error["payment_intent"] = intent.json
                body = .object(JSONObject([("error", .object(error))]))
            }
            if answers500 {
                status = 500
                body = errorBody("api_error", "internal_error")
            }
            state.kept[key] = KeptAnswer(form: original, status: status, body: body)
            return (status, body, events)
        }
        tell(events)
        return (status, body)
    }

    private func list(_ query: Form) -> SimulatorServer.Answer {
        let since = query["created[gte]"].flatMap { Int64($0) } ?? 0
        let limit = query["limit"].flatMap { Int($0) } ?? 10
        var intents = state.withLock { $0.world.intents }.filter { $0.created >= since }.reversed().map { $0 }
        if let last = query["starting_after"], let index = intents.firstIndex(where: { $0.id == last }) {
            intents = Array(intents[(index + 1)...])
        }
        let page = JSONObject([
            ("object", .string("list")), ("data", .array(intents.prefix(limit).map(\.json))), ("has_more", .bool(intents.count > limit)),
        ])
        return .json(.object(page))
    }

    private func found(_ id: String) -> SimulatorServer.Answer {
        state.withLock { $0.world[id] }.map { .json($0.json) } ?? error(404, "invalid_request_error", "resource_missing")
    }

    private func act(_ action: String, on id: String, _ form: Form) -> SimulatorServer.Answer {
        let (events, intent) = state.withLock { state -> ([SimulatedEvent]?, SimulatedIntent?) in
            let events =
                switch action {
                case "capture": state.world.capture(id, amount: form["amount_to_capture"].flatMap { Int64($0) })
                case "cancel": state.world.cancel(id)
                default: nil as [SimulatedEvent]?
                }
            return (events, state.world[id])
        }
        guard let intent else { return error(404, "invalid_request_error", "resource_missing") }
        guard let events else { return error(400, "invalid_request_error", "payment_intent_unexpected_state") }
        tell(events)
        return .json(intent.json)
    }

    // MARK: The bank's page and the control

    private func threeDSecure(_ parts: [String]) -> SimulatorServer.Answer {
        let id = parts[1]
        guard parts.count == 3 else {
            return .text("<h1>Simulated bank</h1><p><a href=\"/3ds/\(id)/complete\">Complete</a> <a href=\"/3ds/\(id)/fail\">Fail</a></p>")
        }
        let (events, intent) = state.withLock { ($0.world.authenticate(id, succeeds: parts[2] == "complete"), $0.world[id]) }
        tell(events)
        guard let url = intent?.returnURL else { return .text("<p>Done. You can close this page.</p>") }
        return .bytes(303, contentType: "text/plain", headers: [.location: url], [])
    }

    private func control(_ name: String, _ call: SimulatorServer.Call) -> SimulatorServer.Answer {
        let order = (try? JSONValue.parse(call.body.isEmpty ? Array("{}".utf8) : call.body)) ?? .null
        switch name {
        case "behaviour":
            state.withLock { $0.misbehaviour = StripeMisbehaviour(order) }
            if let webhooks = order["webhooks"] { dispatcher.behaviour = WebhookBehaviour(webhooks) }
        case "flush": dispatcher.flush()
        case "reset": state.withLock { $0 = State() }
        default: return error(404, "invalid_request_error", "resource_missing")
        }
        return .json(.object(JSONObject([("ok", .bool(true))])))
    }

    // MARK: Answers and events

    private func answer(_ body: JSONValue, status: Int, isReplay: Bool) -> SimulatorServer.Answer {
        let number = state.withLock { state in
            state.lastRequest += 1
            return state.lastRequest
        }
        var headers = HTTPFields()
        headers[SimulatorHeaders.requestID] = "req_sim\(number)"
        if isReplay { headers[SimulatorHeaders.idempotentReplayed] = "true" }
        return .json(body, status: status, headers: headers)
    }

    private func error(_ status: Int, _ type: String, _ code: String) -> SimulatorServer.Answer {
        answer(errorBody(type, code), status: status, isReplay: false)
    }

    private func errorBody(_ type: String, _ code: String) -> JSONValue {
        let error = JSONObject([("type", .string(type)), ("code", .string(code)), ("message", .string("A simulated error."))])
        return .object(JSONObject([("error", .object(error))]))
    }

    private func tell(_ events: [SimulatedEvent]) {
        for event in events {
            let id = state.withLock { $0.world.nextID("evt_") }
            let body = JSONValue.object(
                JSONObject([
                    ("id", .string(id)), ("object", .string("event")), ("api_version", .string("2026-07-29.dahlia")),
                    ("created", .number(JSONNumber(WallClock.seconds))), ("data", .object(JSONObject([("object", event.object)]))),
                    ("livemode", .bool(false)), ("pending_webhooks", .number(JSONNumber(1))), ("request", .null),
                    ("type", .string(event.type)),
                ])
            )
            dispatcher.send(
                OutgoingWebhook(
                    body: body.serialized(),
                    isAccepted: { (200...299).contains($0.status) },
                    attemptsMax: 20,
                    retryDelay: .milliseconds(200)
                )
            )
        }
    }
}

extension WebhookBehaviour {
    /// Reads a script's order.
    init(_ order: JSONValue) {
        duplicates = order["duplicate"]?.int64.map { Int($0) } ?? 0
        delay = .milliseconds(order["delay_ms"]?.int64 ?? 50)
        drops = order["drop"]?.bool ?? false
        reverses = order["order"]?.string == "reverse"
    }
}
