import Payments
import Storage
import StrictJSON

/// A provider's event as operators see it.
enum WebhookEventDocument {
    /// The event; with its body only where one event was asked for.
    static func json(_ event: WebhookEventView, withBody: Bool) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("id", .string(event.id.description)),
            ("provider", .string(event.provider.text)),
            ("event_id", .string(event.eventID)),
            ("event_type", .string(event.eventType)),
            ("status", .string(event.status.rawValue)),
            ("attempts", .number(JSONNumber(Int64(event.attempts)))),
            ("detail", event.detail.map { .string($0) } ?? .null),
            ("charge_id", event.chargeID.map { .string($0.description) } ?? .null),
            ("received_at", .string(event.receivedAt.rfc3339)),
            ("processed_at", event.processedAt.map { .string($0.rfc3339) } ?? .null),
        ]
        if withBody { members.append(("body", .string(String(decoding: event.body, as: UTF8.self)))) }
        return .object(JSONObject(members))
    }
}
