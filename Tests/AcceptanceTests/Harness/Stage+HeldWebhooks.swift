import HTTPTypes
import StrictJSON
import TestSupport
import Testing

extension Stage {
    /// Lets a simulator post the webhooks that it holds back, one after the other by their places; returns the statuses they got.
    func deliver(_ places: [Int], at url: String) async throws -> [Int64?] {
        let order = #"{"order":[\#(places.map(String.init).joined(separator: ","))]}"#
        let answer = try await control(url, order)
        guard answer.status == 200, let statuses = answer.json["statuses"]?.array else {
            throw StageError("the delivery was answered \(answer.status)")
        }
        return statuses.map(\.int64)
    }

    /// The webhooks that a simulator holds back, by what stands in their texts: their places, in the order in which they were caused.
    func heldWebhooks(at url: String) async throws -> (bodies: [JSONValue], placesByName: [String: [Int]]) {
        let bodies = try await send(.get, url).json["data"]?.array ?? []
        var places: [String: [Int]] = [:]
        for (place, body) in bodies.enumerated() {
            for name in Stage.names(in: body) { places[name, default: []].append(place) }
        }
        return (bodies, places)
    }

    /// Every text in a value, and every part of a path.
    private static func names(in value: JSONValue) -> Set<String> {
        switch value {
        case .string(let text): Set(text.split(separator: "/").map(String.init))
        case .array(let values): values.reduce(into: []) { $0.formUnion(names(in: $1)) }
        case .object(let object): object.members.reduce(into: []) { $0.formUnion(names(in: $1.value)) }
        case .null, .bool, .number: []
        }
    }

    /// Waits until nothing is under way: no webhook, no notification, and, with `calls`, no call of a provider.
    func isQuiet(calls: Bool, within limit: Duration = .seconds(120)) async throws -> Bool {
        let queues = ["truvapay_inbox_waiting 0", "truvapay_outbox_waiting 0"] + (calls ? ["truvapay_provider_calls_waiting 0"] : [])
        return try await waitUntil(limit) {
            let text = String(decoding: try await self.get("/metrics").body, as: UTF8.self)
            return Set(queues).isSubset(of: text.split(separator: "\n").map(String.init))
        }
    }
}
