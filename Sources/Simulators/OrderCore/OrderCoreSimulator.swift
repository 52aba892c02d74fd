package import Cryptography
import HTTPTypes
import StrictJSON
import Synchronization

/// A notification that the sample order core has accepted.
package struct ReceivedNotification: Sendable {
    package let id: String
    package let type: String
    /// The charge it speaks of, if any.
    package let chargeID: String?
    package let version: Int64
    /// Times that it came again.
    package var repeatCount = 0
    /// Whether one of the same charge with a higher version had come before.
    package let isOutOfOrder: Bool
}

/// A sample order core: verifies notifications as Standard Webhooks says, keeps each once, and watches their order.
package final class OrderCoreSimulator: Sendable {
    private struct State {
        var received: [ReceivedNotification] = []
        var refusedCount = 0
        var misbehaviour: [Int] = []
        var permanentStatus: Int?
        var hangMilliseconds: Int64 = 0
    }

    private let state = Mutex(State())
    private let keys: [HMACKey]
    private let host: String
    private let port: Int
    private let onNotification: @Sendable (ReceivedNotification) -> Void

    private static let toleranceSeconds: Int64 = 300

    /// Listens at an address; `secrets` are `whsec_` and Base64.
    package init(
        host: String,
        port: Int,
        secrets: [SecretText],
        onNotification: @escaping @Sendable (ReceivedNotification) -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        keys = secrets.compactMap { secret in (try? Base64.decode(String(secret.exposed.dropFirst("whsec_".count)))).map { HMACKey($0) } }
        self.onNotification = onNotification
    }

    /// What has been accepted so far, in order of arrival.
    package var received: [ReceivedNotification] { state.withLock { $0.received } }

    /// Serves until the task is cancelled or the process is told to stop.
    package func run(onListening: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        try await SimulatorServer(host: host, port: port, handle: answer).run(onListening: onListening)
    }

    private func answer(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        switch (call.method, call.path) {
        case (.post, "/webhooks/truvapay"): return await receive(call)
        case (.get, "/notifications"): return .json(report)
        case (.post, "/_control/behaviour"): return control(call)
        default: return .text("not found", status: 404)
        }
    }

    private func receive(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        let hang = state.withLock { $0.hangMilliseconds }
        if hang > 0 { try? await Task.sleep(for: .milliseconds(hang)) }
        if let status = nextMisbehaviour() { return .text("", status: status) }
        guard let id = call.headers[SimulatorHeaders.webhookID], isAuthentic(call, id: id), let body = try? JSONValue.parse(call.body)
        else {
            state.withLock { $0.refusedCount += 1 }
            return .text("bad signature", status: 401)
        }
        if let accepted = keep(id, body) { onNotification(accepted) }
        return .text("", status: 204)
    }

    private func nextMisbehaviour() -> Int? {
        state.withLock { state in
            if let status = state.permanentStatus { return status }
            return state.misbehaviour.isEmpty ? nil : state.misbehaviour.removeFirst()
        }
    }

    /// Standard Webhooks: one of the `v1` signatures over `id.timestamp.body`, and a recent timestamp.
    private func isAuthentic(_ call: SimulatorServer.Call, id: String) -> Bool {
        guard let timestamp = call.headers[SimulatorHeaders.webhookTimestamp], let seconds = Int64(timestamp),
            abs(seconds - WallClock.seconds) <= OrderCoreSimulator.toleranceSeconds,
            let signatures = call.headers[SimulatorHeaders.webhookSignature]
        else { return false }
        let message = [Array("\(id).\(timestamp).".utf8), call.body]
        return signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"), let code = try? Base64.decode(String(signature.dropFirst(3))) else { return false }
            return keys.contains { $0.isValid(code, parts: message) }
        }
    }

    /// Keeps a notification the first time it comes.
    private func keep(_ id: String, _ body: JSONValue) -> ReceivedNotification? {
        state.withLock { state in
            if let index = state.received.firstIndex(where: { $0.id == id }) {
                state.received[index].repeatCount += 1
                return nil
            }
            let data = body["data"]
            let chargeID = data?["charge"]?["id"]?.string
            let version = data?["version"]?.int64 ?? 0
            let isOutOfOrder = chargeID != nil && state.received.contains { $0.chargeID == chargeID && $0.version > version }
            let received = ReceivedNotification(
                id: id,
                type: body["type"]?.string ?? "?",
                chargeID: chargeID,
                version: version,
                isOutOfOrder: isOutOfOrder
            )
            state.received.append(received)
            return received
        }
    }

    private func control(_ call: SimulatorServer.Call) -> SimulatorServer.Answer {
        let order = (try? JSONValue.parse(call.body)) ?? .null
        state.withLock { state in
            let status = order["status"]?.int64.map { Int($0) }
            if let count = order["count"]?.int64, let status {
                state.misbehaviour = Array(repeating: status, count: Int(count))
                state.permanentStatus = nil
            } else {
                state.permanentStatus = status
                state.misbehaviour = []
            }
            state.hangMilliseconds = order["hang_ms"]?.int64 ?? 0
        }
        return .json(.object(JSONObject([("ok", .bool(true))])))
    }

    private var report: JSONValue {
        let (received, refused) = state.withLock { ($0.received, $0.refusedCount) }
        let rows = received.map { notification in
            JSONValue.object(
                JSONObject([
                    ("id", .string(notification.id)), ("type", .string(notification.type)),
                    ("charge_id", notification.chargeID.map { .string($0) } ?? .null),
                    ("version", .number(JSONNumber(notification.version))),
                    ("repeats", .number(JSONNumber(Int64(notification.repeatCount)))), ("out_of_order", .bool(notification.isOutOfOrder)),
                ])
            )
        }
        return .object(JSONObject([("refused", .number(JSONNumber(Int64(refused)))), ("data", .array(rows))]))
    }
}
