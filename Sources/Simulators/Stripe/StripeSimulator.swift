package import Cryptography
import HTTPTypes
package import OutboundHTTP
import StrictJSON
import Synchronization

/// A Stripe that answers for PaymentIntents and refunds and posts signed webhooks; stateful, and able to misbehave on demand.
///
/// What only customers and banks do is ordered by scripts at `/_simulator`: pay, decline, complete_refund, fail_refund, dispute,
/// resolve_dispute, payout, settle_payout, settings.
package final class StripeSimulator: Sendable {
    private struct KeptAnswer: Sendable {
        let path: String
        let form: Form
        let status: Int
        let body: JSONValue
    }

    private struct State: Sendable {
        var world = StripeWorld(name: Hexadecimal.encode(SecureRandom.bytes(6)))
        var misbehaviour = Misbehaviour()
        var kept: [String: KeptAnswer] = [:]
        /// Keys of requests that are carried out at this moment.
        var running: Set<String> = []
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
        case (.post, "_control", 2), (.post, "_simulator", 2): return await control(parts[1], call)
        case (.get, "_control", 2), (.get, "_simulator", 2):
            return parts[1] == "held" ? await control("held", call) : .json(report)
        case (_, "3ds", 2...3), (_, "promptpay", 2...3): return page(parts)
        case (_, "v1", _): return await api(call, Array(parts.dropFirst()))
        default: return error(404, "invalid_request_error", "resource_missing")
        }
    }

    // MARK: The API

    private func api(_ call: SimulatorServer.Call, _ parts: [String]) async -> SimulatorServer.Answer {
        guard let key = call.headers[.authorization], key.contains("sk_test_") else {
            return error(401, "invalid_request_error", "api_key_invalid")
        }
        switch (call.method, parts.first, parts.count) {
        case (.post, "payment_intents", 1): return await change(call, create)
        case (.post, "payment_intents", 3): return await change(call) { act(parts[2], on: parts[1], $0, &$1) }
        case (.post, "refunds", 1):
            return await change(call) { form, state in
                reply(to: state.world.refund(form, now: WallClock.seconds), \.json)
            }
        case (.get, "payment_intents", 1): return list(Form(call.query))
        case (.get, "payment_intents", 2): return found(parts[1], Form(call.query))
        case (.get, "refunds", 1): return listRefunds(Form(call.query))
        default: return error(404, "invalid_request_error", "resource_missing")
        }
    }

    /// What a request that changes something leads to.
    private struct Reply {
        let status: Int
        let body: JSONValue
        var events: [SimulatedEvent] = []
    }

    /// What its idempotency key says about a request.
    private enum Turn: Sendable {
        case first(Misbehaviour)
        case repeated(KeptAnswer)
        case tooEarly
    }

    private func turn(_ key: String) -> Turn {
        state.withLock { state in
            state.world.count(key: key)
            guard !key.isEmpty else { return .first(state.misbehaviour.next()) }
            if let kept = state.kept[key] { return .repeated(kept) }
            guard !state.running.contains(key) else { return .tooEarly }
            let behaviour = state.misbehaviour.next()
            if behaviour.status == nil, !behaviour.answersPage { state.running.insert(key) }
            return .first(behaviour)
        }
    }

    /// Carries out a request once for its idempotency key, and misbehaves as ordered.
    private func change(_ call: SimulatorServer.Call, _ act: (Form, inout State) -> Reply) async -> SimulatorServer.Answer {
        let form = Form(String(decoding: call.body, as: UTF8.self))
        let key = call.headers[SimulatorHeaders.idempotencyKey] ?? ""
        let behaviour: Misbehaviour
        switch turn(key) {
        case .first(let first): behaviour = first
        case .tooEarly: return error(409, "idempotency_error", "idempotency_key_in_use")
        case .repeated(let kept):
            guard kept.form == form, kept.path == call.path else { return error(400, "idempotency_error", "idempotency_error") }
            return answer(kept.body, status: kept.status, isReplay: true)
        }
        if let status = behaviour.status { return refusal(status, behaviour) }
        if behaviour.answersPage { return .text("<html><body>Scheduled maintenance</body></html>") }
        try? await Task.sleep(for: .milliseconds(behaviour.hangBeforeMilliseconds))
        let reply = state.withLock { state -> Reply in
            state.running.remove(key)
            let asked = behaviour.decline == nil ? form : form.replacing("payment_method", with: "pm_card_visa_chargeDeclined")
            var reply = act(asked, &state)
            if behaviour.commitsThen500 { reply = Reply(status: 500, body: errorBody("api_error", "internal_error"), events: reply.events) }
            if !key.isEmpty { state.kept[key] = KeptAnswer(path: call.path, form: form, status: reply.status, body: reply.body) }
            return reply
        }
        tell(reply.events)
        if behaviour.commitsThenBreaks { return .reset }
        try? await Task.sleep(for: .milliseconds(behaviour.hangAfterMilliseconds))
        return answer(reply.body, status: reply.status, isReplay: false)
    }

    private func refusal(_ status: Int, _ behaviour: Misbehaviour) -> SimulatorServer.Answer {
        guard status == 429 else { return error(status, "api_error", "internal_error") }
        let headers: HTTPFields = [.retryAfter: String(behaviour.retryAfterSeconds)]
        return .json(errorBody("rate_limit_error", "rate_limit"), status: 429, headers: headers)
    }

    private func create(_ form: Form, _ state: inout State) -> Reply {
        if form["payment_method_types[]"] == "promptpay", form["payment_method_data[billing_details][email]"] == nil {
            return Reply(status: 400, body: errorBody("invalid_request_error", "parameter_missing"))
        }
        let (intent, events) = state.world.create(form, pageBase: "http://\(host):\(port)", now: WallClock.seconds)
        guard let decline = intent.error else { return Reply(status: 200, body: intent.json, events: events) }
        var error = decline.json.object ?? JSONObject()
        error["payment_intent"] = intent.json
        return Reply(status: 402, body: .object(JSONObject([("error", .object(error))])), events: events)
    }

    private func act(_ action: String, on id: String, _ form: Form, _ state: inout State) -> Reply {
        let events: [SimulatedEvent]? =
            switch action {
            case "capture": state.world.capture(id, amount: form["amount_to_capture"].flatMap { Int64($0) }, now: WallClock.seconds)
            case "cancel": state.world.cancel(id)
            default: nil
            }
        guard let intent = state.world[id] else { return Reply(status: 404, body: errorBody("invalid_request_error", "resource_missing")) }
        guard let events else { return Reply(status: 400, body: errorBody("invalid_request_error", "payment_intent_unexpected_state")) }
        return Reply(status: 200, body: intent.json, events: events)
    }

    private func reply<Object>(to change: StripeChange<Object>, _ json: (Object) -> JSONValue) -> Reply {
        switch change {
        case .done(let object, let events): Reply(status: 200, body: json(object), events: events)
        case .missing: Reply(status: 404, body: errorBody("invalid_request_error", "resource_missing"))
        case .refused(let code): Reply(status: 400, body: errorBody("invalid_request_error", code))
        }
    }

    private func list(_ query: Form) -> SimulatorServer.Answer {
        let since = query["created[gte]"].flatMap { Int64($0) } ?? 0
        let intents = state.withLock { $0.world.intents }.filter { $0.created >= since }
        return page(of: intents.map { ($0.id, $0.json) }, query)
    }

    private func listRefunds(_ query: Form) -> SimulatorServer.Answer {
        let refunds = state.withLock { $0.world.refunds }.filter { query["payment_intent"] == nil || $0.intent == query["payment_intent"] }
        return page(of: refunds.map { ($0.id, $0.json) }, query)
    }

    /// One page, newest first.
    private func page(of objects: [(id: String, json: JSONValue)], _ query: Form) -> SimulatorServer.Answer {
        let limit = query["limit"].flatMap { Int($0) } ?? 10
        var objects = Array(objects.reversed())
        if let last = query["starting_after"], let index = objects.firstIndex(where: { $0.id == last }) {
            objects = Array(objects[(index + 1)...])
        }
        let page = JSONObject([
            ("object", .string("list")), ("data", .array(objects.prefix(limit).map(\.json))), ("has_more", .bool(objects.count > limit)),
        ])
        return .json(.object(page))
    }

    private func found(_ id: String, _ query: Form) -> SimulatorServer.Answer {
        guard let intent = state.withLock({ $0.world[id] }) else { return error(404, "invalid_request_error", "resource_missing") }
        return .json(query["expand[]"] == nil ? intent.json : intent.expanded)
    }

    // MARK: The bank's page and the control

    private func page(_ parts: [String]) -> SimulatorServer.Answer {
        let id = parts[1]
        guard parts.count == 3 else {
            let base = "/\(parts[0])/\(id)"
            return .text("<h1>Simulated bank</h1><p><a href=\"\(base)/complete\">Complete</a> <a href=\"\(base)/fail\">Fail</a></p>")
        }
        let (events, intent) = state.withLock {
            ($0.world.authenticate(id, succeeds: parts[2] == "complete", now: WallClock.seconds), $0.world[id])
        }
        tell(events)
        guard let url = intent?.returnURL else { return .text("<p>Done. You can close this page.</p>") }
        return .bytes(303, contentType: "text/plain", headers: [.location: url], [])
    }

    private func control(_ name: String, _ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        let order = (try? JSONValue.parse(call.body.isEmpty ? Array("{}".utf8) : call.body)) ?? .null
        if let answer = await dispatcher.obey(name, order) { return answer }
        switch name {
        case "behaviour", "misbehaviour":
            state.withLock { $0.misbehaviour = Misbehaviour(order) }
            dispatcher.take(order)
        case "reset": state.withLock { $0 = State() }
        default:
            guard let (answer, events) = state.withLock({ $0.world.play(name, order, now: WallClock.seconds) }) else {
                return error(404, "invalid_request_error", "resource_missing")
            }
            tell(events)
            return .json(answer)
        }
        return .json(.object(JSONObject([("ok", .bool(true))])))
    }

    /// What a script can check at the end.
    private var report: JSONValue {
        state.withLock { state in
            var report = state.world.report.object ?? JSONObject()
            report["misbehaviours"] = state.misbehaviour.left
            return .object(report)
        }
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
            var data = JSONObject([("object", event.object)])
            if let previous = event.previous { data["previous_attributes"] = previous }
            let body = JSONValue.object(
                JSONObject([
                    ("id", .string(id)), ("object", .string("event")), ("api_version", .string("2026-07-29.dahlia")),
                    ("created", .number(JSONNumber(WallClock.seconds))), ("data", .object(data)),
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
