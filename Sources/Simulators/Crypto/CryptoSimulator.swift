package import Cryptography
import HTTPTypes
package import OutboundHTTP
import StrictJSON
import Synchronization

/// A payment processor for coins in the style of BTCPay Server, with chains that do what they are told over HTTP.
package final class CryptoSimulator: Sendable {
    private struct State: Sendable {
        var world: CryptoWorld
        var misbehaviour = Misbehaviour()
        var deliveries: [Delivery] = []
        var deliveryCount = 0
    }

    /// A webhook that was sent, for sending it again.
    private struct Delivery: Sendable {
        let id: String
        let event: CryptoWorld.Event
        let timestamp: Int64
    }

    private let state: Mutex<State>
    private let seed: String
    private let dispatcher: WebhookDispatcher
    private let host: String
    private let port: Int

    private static let deliveriesKept = 1000
    private static let sweepPause = Duration.milliseconds(250)

    /// Simulates at an address and posts webhooks to `webhookURL`, signed with `webhookSecret`; the seed decides all ids and addresses.
    package init(
        host: String,
        port: Int,
        webhookURL: String,
        webhookSecret: SecretText,
        seed: String = Hexadecimal.encode(SecureRandom.bytes(6)),
        client: HTTPClient = HTTPClient()
    ) {
        self.host = host
        self.port = port
        self.seed = seed
        state = Mutex(State(world: CryptoWorld(seed: seed)))
        let key = HMACKey(webhookSecret)
        dispatcher = WebhookDispatcher(url: webhookURL, client: client) { body in
            var headers = HTTPFields()
            headers[SimulatorHeaders.btcPaySignature] = "sha256=" + Hexadecimal.encode(key.authenticationCode(for: body))
            return headers
        }
    }

    /// Serves and posts until the task is cancelled or the process is told to stop.
    package func run(onListening: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.dispatcher.run() }
            group.addTask {
                while !Task.isCancelled {
                    self.tell(self.state.withLock { $0.world.sweep(at: WallClock.seconds) })
                    try? await Task.sleep(for: CryptoSimulator.sweepPause)
                }
            }
            try await SimulatorServer(host: host, port: port, handle: answer).run(onListening: onListening)
            group.cancelAll()
        }
    }

    private func answer(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        let parts = call.path.split(separator: "/").map(String.init)
        switch (call.method, parts.first) {
        case (.get, "_simulator"): return parts.last == "held" ? await control("held", call) : .json(report)
        case (.post, "_simulator") where parts.count == 2: return await control(parts[1], call)
        case (_, "api") where parts.count >= 5 && parts[4] == "invoices": return await api(call, Array(parts.dropFirst(5)))
        default: return error(404, "not-found")
        }
    }

    // MARK: The API

    private func api(_ call: SimulatorServer.Call, _ parts: [String]) async -> SimulatorServer.Answer {
        let behaviour = state.withLock { call.method == .post ? $0.misbehaviour.next() : $0.misbehaviour.nextRead() }
        if behaviour.hangBeforeMilliseconds > 0 { try? await Task.sleep(for: .milliseconds(behaviour.hangBeforeMilliseconds)) }
        if let status = behaviour.status {
            let headers: HTTPFields = status == 429 ? [.retryAfter: String(behaviour.retryAfterSeconds)] : [:]
            return .json(errorBody("simulated"), status: status, headers: headers)
        }
        if behaviour.answersPage { return .text("<html><body>Scheduled maintenance</body></html>") }
        if behaviour.decline != nil, call.method == .post, parts.isEmpty { return error(422, "payment-method-unavailable") }
        let answer = carryOut(call, parts)
        if behaviour.hangAfterMilliseconds > 0 { try? await Task.sleep(for: .milliseconds(behaviour.hangAfterMilliseconds)) }
        if behaviour.commitsThenBreaks { return .reset }
        return behaviour.commitsThen500 ? error(500, "internal-error") : answer
    }

    private func carryOut(_ call: SimulatorServer.Call, _ parts: [String]) -> SimulatorServer.Answer {
        let body = (try? JSONValue.parse(call.body)) ?? .null
        switch (call.method, parts.count) {
        case (.post, 0): return create(body)
        case (.get, 0): return list(Form(call.query)["orderId"])
        case (.get, 1): return found(parts[0])
        case (.post, 2) where parts[1] == "status":
            return changed(state.withLock { $0.world.mark(parts[0], body["status"]?.string ?? "", at: WallClock.seconds) })
        default: return error(404, "not-found")
        }
    }

    private func create(_ request: JSONValue) -> SimulatorServer.Answer {
        let now = WallClock.seconds
        guard let (invoice, events) = state.withLock({ $0.world.create(request, at: now) }) else { return error(422, "invalid-invoice") }
        tell(events)
        return .json(invoice.json(at: now))
    }

    private func list(_ order: String?) -> SimulatorServer.Answer {
        state.withLock { state in
            let now = WallClock.seconds
            return .json(.array(state.world.invoices.filter { order == nil || $0.orderID == order }.map { $0.json(at: now) }))
        }
    }

    private func found(_ id: String) -> SimulatorServer.Answer {
        let answer = state.withLock { state in state.world[id].map { $0.json(at: WallClock.seconds) } }
        return answer.map { .json($0) } ?? error(404, "invoice-not-found")
    }

    // MARK: The control

    private func control(_ name: String, _ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        let order = (try? JSONValue.parse(call.body.isEmpty ? Array("{}".utf8) : call.body)) ?? .null
        if let answer = await dispatcher.obey(name, order) { return answer }
        switch name {
        case "misbehaviour":
            state.withLock { $0.misbehaviour = Misbehaviour(order) }
            dispatcher.take(order)
            return .json(["ok": true])
        case "redeliver": return redeliver(order["delivery"]?.string)
        case "reset":
            state.withLock { $0 = State(world: CryptoWorld(seed: seed)) }
            return .json(["ok": true])
        default: return chain(name, order)
        }
    }

    /// What happens on the chains, and how late it is there.
    private func chain(_ name: String, _ order: JSONValue) -> SimulatorServer.Answer {
        let wall = WallClock.seconds
        let invoice = order["invoice"]?.string ?? ""
        let transaction = order["tx"]?.string
        let units = order["units"]?.string.flatMap { UInt128($0) }
        switch name {
        case "see", "pay":
            guard name == "see" else { return pay(order, at: wall) }
            guard let (id, events) = state.withLock({ $0.world.see(invoice, units: units, transaction: transaction, at: wall) }) else {
                return error(404, "invoice-not-found")
            }
            tell(events)
            return .json(["tx": .string(id)])
        case "confirm":
            let count = Int(order["n"]?.int64 ?? 1)
            return changed(state.withLock { $0.world.confirm(transaction ?? "", count, at: wall) })
        case "replace":
            return changed(
                state.withLock { $0.world.replace(transaction ?? "", by: order["by"]?.string, units: units ?? 0, at: wall) }
            )
        case "reorg": return changed(state.withLock { $0.world.reorganise(transaction ?? "", at: wall) })
        case "expire": return changed(state.withLock { $0.world.expire(invoice, at: wall) })
        case "mark": return changed(state.withLock { $0.world.mark(invoice, order["status"]?.string ?? "", at: wall) })
        case "clock":
            return changed(state.withLock { $0.world.advance(order["advance"]?.int64 ?? 0, of: order["invoice"]?.string, at: wall) })
        default: return error(404, "not-found")
        }
    }

    /// A customer's wallet: reads a payment URI, sends what it asks for, and waits for blocks.
    private func pay(_ order: JSONValue, at wall: Int64) -> SimulatorServer.Answer {
        let uri = order["uri"]?.string ?? ""
        let confirmations = Int(order["confirmations"]?.int64 ?? 64)
        let events = state.withLock { state -> [CryptoWorld.Event]? in
            guard let invoice = state.world.invoices.first(where: { uri.contains($0.address) }),
                let (id, seen) = state.world.see(invoice.id, units: nil, transaction: nil, at: wall)
            else { return nil }
            return seen + (state.world.confirm(id, confirmations, at: wall) ?? [])
        }
        return changed(events)
    }

    private func redeliver(_ id: String?) -> SimulatorServer.Answer {
        let delivery = state.withLock { state in id.map { id in state.deliveries.first { $0.id == id } } ?? state.deliveries.last }
        guard let delivery else { return error(404, "delivery-not-found") }
        send(delivery.event, timestamp: delivery.timestamp, original: delivery.id)
        return .json(["ok": true])
    }

    private func changed(_ events: [CryptoWorld.Event]?) -> SimulatorServer.Answer {
        guard let events else { return error(404, "not-found") }
        tell(events)
        return .json(["ok": true, "events": .array(events.map { .string($0.type) })])
    }

    private var report: JSONValue {
        state.withLock { state in
            let now = WallClock.seconds
            let deliveries = state.deliveries.map { JSONValue.string($0.id) }
            return [
                "time": .number(JSONNumber(now)), "invoices": .array(state.world.invoices.map { $0.json(at: now) }),
                "deliveries": .array(deliveries), "misbehaviours": state.misbehaviour.left,
            ]
        }
    }

    // MARK: Answers and webhooks

    private func error(_ status: Int, _ code: String) -> SimulatorServer.Answer {
        .json(errorBody(code), status: status)
    }

    private func errorBody(_ code: String) -> JSONValue {
        ["code": .string(code), "message": "A simulated error."]
    }

    private func tell(_ events: [CryptoWorld.Event]) {
        for event in events { send(event, timestamp: WallClock.seconds, original: nil) }
    }

    /// BTCPay Server gives a redelivery an id of its own and names the first one.
    private func send(_ event: CryptoWorld.Event, timestamp: Int64, original: String?) {
        let delivery = state.withLock { state in
            state.deliveryCount += 1
            let delivery = Delivery(id: "dl\(seed)\(state.deliveryCount)", event: event, timestamp: timestamp)
            state.deliveries = state.deliveries.suffix(CryptoSimulator.deliveriesKept - 1) + [delivery]
            return delivery
        }
        let members: [(String, JSONValue)] = [
            ("deliveryId", .string(delivery.id)), ("webhookId", "wh1"), ("originalDeliveryId", .string(original ?? delivery.id)),
            ("isRedelivery", .bool(original != nil)), ("type", .string(event.type)), ("timestamp", .number(JSONNumber(timestamp))),
            ("storeId", "truvapay"), ("invoiceId", .string(event.invoiceID)),
        ]
        dispatcher.send(
            OutgoingWebhook(
                body: JSONValue.object(JSONObject(members + event.members)).serialized(),
                isAccepted: { (200...299).contains($0.status) },
                attemptsMax: 8,
                retryDelay: .milliseconds(200)
            )
        )
    }
}
