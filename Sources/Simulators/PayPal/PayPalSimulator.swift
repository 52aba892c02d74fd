package import Cryptography
import HTTPTypes
package import OutboundHTTP
import StrictJSON
import Synchronization

/// A PayPal that keeps orders, payments and disputes, signs its webhooks as the real one does, and hands its certificate out over TLS;
/// written from PayPal's documents, and able to misbehave on demand.
package final class PayPalSimulator: Sendable {
    /// Where everything is, and by what name the gateway is known.
    package struct Configuration: Sendable {
        let host: String
        let port: Int
        let certificatePort: Int
        let webhookURL: String
        let clientID: String
        let clientSecret: SecretText
        let webhookID: String

        /// Describes a simulator; certificates come from `https://<host>:<certificatePort>`.
        package init(
            host: String,
            port: Int,
            certificatePort: Int,
            webhookURL: String,
            clientID: String,
            clientSecret: SecretText,
            webhookID: String
        ) {
            self.host = host
            self.port = port
            self.certificatePort = certificatePort
            self.webhookURL = webhookURL
            self.clientID = clientID
            self.clientSecret = clientSecret
            self.webhookID = webhookID
        }
    }

    struct State: Sendable {
        var world: PayPalWorld
        var misbehaviour = Misbehaviour()
        /// What requests under an idempotency key have made: the path of the object, whose latest state a repetition gets.
        var kept: [String: String] = [:]
        /// Idempotency keys of requests that are carried out at this moment.
        var running: Set<String> = []
        var requestCounts: [String: Int] = [:]
        var tokens: Set<String> = []
        var tokenCount = 0
        var certificateStatus: Int?
        var certificateCount = 0
    }

    let state: Mutex<State>
    let dispatcher: WebhookDispatcher
    let configuration: Configuration
    let signing: PayPalSigning

    /// Simulates with keys that were made before, so that gateways could be told of their authority.
    package init(_ configuration: Configuration, signing: PayPalSigning, client: HTTPClient = HTTPClient()) {
        self.configuration = configuration
        self.signing = signing
        state = Mutex(State(world: PayPalSimulator.world(configuration)))
        let address = "https://\(configuration.host):\(configuration.certificatePort)/v1/notifications/certs/CERT-simulated"
        dispatcher = WebhookDispatcher(url: configuration.webhookURL, client: client) { body in
            signing.headers(for: body, webhookID: configuration.webhookID, certificateAddress: address)
        }
    }

    static func world(_ configuration: Configuration) -> PayPalWorld {
        PayPalWorld(
            base: "http://\(configuration.host):\(configuration.port)",
            name: Hexadecimal.encode(SecureRandom.bytes(4)).uppercased()
        )
    }

    /// Serves and posts until the task is cancelled or the process is told to stop.
    package func run() async throws {
        let (host, port, certificatePort) = (configuration.host, configuration.port, configuration.certificatePort)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.dispatcher.run() }
            group.addTask { [signing] in
                try await SimulatorServer(host: host, port: certificatePort, tls: signing.tls, handle: self.certificate).run { _ in }
            }
            try await SimulatorServer(host: host, port: port, handle: answer).run { _ in }
            group.cancelAll()
        }
    }

    private func certificate(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        let status = state.withLock { state in
            state.certificateCount += 1
            return state.certificateStatus
        }
        guard status == nil, call.method == .get, call.path.hasPrefix("/v1/notifications/certs/CERT-") else {
            return .text("no certificate", status: status ?? 404)
        }
        return .text(signing.chainPEM, contentType: "application/x-pem-file")
    }

    private func answer(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        let parts = call.path.split(separator: "/").map(String.init)
        switch (call.method, parts.first) {
        case (_, "_simulator"): return await control(call, Array(parts.dropFirst()))
        case (.get, "checkoutnow"): return approve(Form(call.query))
        case (.post, "v1") where call.path == "/v1/oauth2/token": return token(call)
        case (_, "v1"), (_, "v2"): return await api(call, Array(parts.dropFirst()))
        default: return refusal(.notFound)
        }
    }

    // MARK: The payer

    /// The page to which the payer is sent; opening it is to agree.
    private func approve(_ query: Form) -> SimulatorServer.Answer {
        let id = query["token"] ?? ""
        let isCancelled = query["action"] == "cancel"
        let order = change { isCancelled ? $0.orders[id] : $0.approve(id) }
        guard let order else { return .text("<p>This order cannot be approved any more.</p>", status: 404) }
        guard let target = isCancelled ? order.cancelURL : order.returnURL else { return .text("<p>Done. You can close this page.</p>") }
        let mark = target.contains("?") ? "&" : "?"
        return .bytes(302, contentType: "text/plain", headers: [.location: "\(target)\(mark)token=\(id)&PayerID=SIMPAYER"], [])
    }

    /// Changes the world at the present moment, and tells what follows.
    func change<Result: Sendable>(_ body: (inout PayPalWorld) throws(PayPalRefusal) -> Result) throws(PayPalRefusal) -> Result {
        let (result, events) = state.withLock { state -> (Swift.Result<Result, PayPalRefusal>, [PayPalEvent]) in
            state.world.now = WallClock.payPal
            do throws(PayPalRefusal) {
                return (.success(try body(&state.world)), state.world.takeEvents())
            } catch {
                return (.failure(error), state.world.takeEvents())
            }
        }
        tell(events)
        return try result.get()
    }

    /// The same where nothing can be refused.
    func change<Result: Sendable>(_ body: (inout PayPalWorld) -> Result) -> Result {
        let (result, events) = state.withLock { state in
            state.world.now = WallClock.payPal
            return (body(&state.world), state.world.takeEvents())
        }
        tell(events)
        return result
    }

    private func tell(_ events: [PayPalEvent]) {
        for event in events {
            let body: JSONValue = [
                "id": .string("WH-" + Hexadecimal.encode(SecureRandom.bytes(10)).uppercased()), "event_version": "1.0",
                "create_time": .string(WallClock.payPal), "resource_type": .string(event.resourceType), "resource_version": "2.0",
                "event_type": .string(event.type), "summary": "Simulated", "resource": event.resource,
            ]
            dispatcher.send(
                OutgoingWebhook(
                    body: body.serialized(),
                    isAccepted: { (200...299).contains($0.status) },
                    attemptsMax: 25,
                    retryDelay: .milliseconds(200)
                )
            )
        }
    }

    /// PayPal's error object.
    func refusal(_ refusal: PayPalRefusal) -> SimulatorServer.Answer {
        let names = [
            400: "INVALID_REQUEST", 401: "AUTHENTICATION_FAILURE", 404: "RESOURCE_NOT_FOUND", 409: "RESOURCE_CONFLICT",
            422: "UNPROCESSABLE_ENTITY",
            429: "RATE_LIMIT_REACHED", 500: "INTERNAL_SERVER_ERROR",
        ]
        let debugID = Hexadecimal.encode(SecureRandom.bytes(7))
        let body: JSONValue = [
            "name": .string(names[refusal.status] ?? "INTERNAL_SERVER_ERROR"), "message": "A simulated refusal.",
            "debug_id": .string(debugID), "details": [["issue": .string(refusal.issue), "description": "Simulated."]],
            "links": .array(refusal.links),
        ]
        return .json(body, status: refusal.status, headers: [PayPalHeaders.debugID: debugID])
    }
}
